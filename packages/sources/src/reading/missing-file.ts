import type { Diagnostic } from '@pwt/core';
import type { Checkout } from '../checkout.js';

/** What is said of a file that the configuration names and that is not there. Others may be missing. */
export async function missingFile(
  checkout: Checkout,
  named: string | undefined,
): Promise<readonly Diagnostic[]> {
  if (named === undefined || (await checkout.has(named))) return [];
  return [
    {
      code: 'PWT_SPEC_UNREADABLE',
      severity: 'error',
      message: `"${named}" is not there; the configuration names it in \`formats\`.`,
      path: named,
    },
  ];
}

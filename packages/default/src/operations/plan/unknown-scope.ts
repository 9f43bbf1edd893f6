import type { Diagnostic, TaskClaims } from '@pwt/core';

const CODE = 'PWT_SCOPE_UNKNOWN';

/** Claims, and what is told of them. */
export interface Scopes {
  readonly claims: readonly TaskClaims[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Lets tasks of unknown scope run beside others: they claim nothing, until their agents are seen to change something. Instead
 * of a warning for each, one note tells which those are.
 */
export function runTogether({ claims, diagnostics }: Scopes): Scopes {
  const ids = claims.filter(({ unknownScope }) => unknownScope).map(({ taskId }) => taskId);
  if (ids.length === 0) return { claims, diagnostics };
  const named = ids.slice(0, 10).join(', ');
  const rest = ids.length > 10 ? ` and ${ids.length - 10} more` : '';
  const note: Diagnostic = {
    code: CODE,
    severity: 'info',
    message: `Nothing says which files these tasks change, so nothing keeps them apart from others (unknownScope: together): ${named}${rest}.`,
    taskIds: ids,
  };
  return {
    claims: claims.map((entry) =>
      entry.unknownScope
        ? { ...entry, unknownScope: false, claims: entry.claims.filter(({ mode }) => mode === 'read') }
        : entry,
    ),
    diagnostics: [...diagnostics.filter(({ code }) => code !== CODE), note],
  };
}

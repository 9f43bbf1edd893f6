import { readFileSync } from 'node:fs';
import { packageRoot } from '../package-root.js';
import type { Shell } from './shells.js';

/** What a shell runs at its start, so that it completes the words of pwt. */
export function completionScript(shell: Shell): string {
  return readFileSync(new URL(`completion/pwt.${shell}`, packageRoot), 'utf8');
}

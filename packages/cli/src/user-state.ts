import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Io } from './io.js';

/** Where pwt keeps what belongs to the user and to no repository (XDG base directories). */
export function userState(env: Io['env']): {
  readonly trustDir: string;
  readonly approvals: { readonly file: string };
} {
  const base = env.XDG_STATE_HOME;
  const folder = join(base?.startsWith('/') ? base : join(env.HOME ?? homedir(), '.local/state'), 'pwt');
  return { trustDir: folder, approvals: { file: join(folder, 'approvals.json') } };
}

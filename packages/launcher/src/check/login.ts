import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@pwt/process';
import type { AgentDefinition, EvidenceFile, LoginCheck } from '../agents/agent-definition.js';

export interface LoginPlace {
  /** The environment that the agent would get. */
  readonly env: Readonly<Record<string, string>>;
  /** The user's checkout. Absolute. */
  readonly root: string;
  /** An empty folder in which the agent is asked: it has no business in the checkout. Absolute. */
  readonly scratch: string;
}

/** `out`: it says that nobody is logged in. `unclear`: nothing speaks for a login, and it can't be asked. */
export type LoginState = 'in' | 'out' | 'unclear';

/** An agent answers from its own files; the first answer on a new HOME takes some longer. */
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 256 * 1024;

/** Whether an agent is logged in, as far as its preset can tell. Whatever goes wrong here speaks for nothing: `in`. */
export async function loginState(
  { login, args }: AgentDefinition,
  program: string,
  place: LoginPlace,
): Promise<LoginState> {
  if (login === undefined || (await hasEvidence(login, args, place))) return 'in';
  if (login.args === undefined || login.not === undefined) return 'unclear';
  const answer = await runCommand({
    command: program,
    args: login.args,
    cwd: place.scratch,
    env: place.env,
    timeoutMs: TIMEOUT_MS,
    graceMs: 500,
  }).catch(() => undefined);
  if (answer === undefined || answer.exitCode !== login.not.exitCode) return 'in';
  return new RegExp(login.not.says, 'i').test(`${answer.stdoutTail}\n${answer.stderrTail}`) ? 'out' : 'in';
}

async function hasEvidence(
  { instead }: LoginCheck,
  args: readonly string[],
  place: LoginPlace,
): Promise<boolean> {
  if (instead.env.some((name) => (place.env[name] ?? '') !== '')) return true;
  if (instead.args !== undefined && new RegExp(instead.args).test(args.join(' '))) return true;
  const found = await Promise.all(instead.files.map((file) => isThere(file, place)));
  return found.includes(true);
}

async function isThere({ in: folders, path, holds }: EvidenceFile, place: LoginPlace): Promise<boolean> {
  const folder = folders.map((one) => folderAt(one, place)).find((one) => one !== undefined);
  if (folder === undefined) return false;
  const text = await readFile(join(folder, path), 'utf8').catch(() => undefined);
  return text !== undefined && (holds === undefined || new RegExp(holds).test(text.slice(0, MAX_BYTES)));
}

function folderAt(folder: string, { env, root }: LoginPlace): string | undefined {
  if (folder === '.') return root;
  const home = folder.startsWith('~') ? env.HOME : undefined;
  if (folder.startsWith('~')) return home === undefined ? undefined : join(home, folder.slice(1));
  return env[folder.slice(1)] || undefined;
}

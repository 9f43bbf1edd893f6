import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PwtError } from '@pwt/core';

/** The variable that has the password, unless `passwordEnv` names another one. With `_FILE` behind it: the file that has it. */
export const PASSWORD_VARIABLE = 'PWT_REDIS_PASSWORD';

/** Where a password may be. */
interface PasswordPlaces {
  readonly passwordEnv?: string | undefined;
  /** `-` is stdin. */
  readonly passwordFile?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** By path: it may be a pipe, which can be read once. */
const read = new Map<string, string>();

/**
 * The password of Redis: out of a file that is named, out of the environment, or out of the file that the environment names.
 *
 * @param place what a relative path starts from, and the environment
 * @throws PwtError `PWT_PLUGIN_OPTIONS` if the file can't be read, or is empty
 */
export function passwordOf(
  { passwordEnv = PASSWORD_VARIABLE, passwordFile }: PasswordPlaces,
  { folder, env }: { readonly folder: string; readonly env: Environment },
): string | undefined {
  const given = env[passwordEnv];
  if (passwordFile === undefined && given !== undefined && given !== '') return given;
  const file = fileOf({ passwordEnv, passwordFile }, env);
  return file === undefined ? undefined : contentOf(file === '-' ? '-' : resolve(folder, file));
}

/** The file that has the password, as a person would call it; `undefined` if it comes from the environment. */
export function passwordPlace(places: PasswordPlaces, env: Environment): string | undefined {
  const { passwordEnv = PASSWORD_VARIABLE, passwordFile } = places;
  if (passwordFile === undefined && (env[passwordEnv] ?? '') !== '') return undefined;
  const file = fileOf(places, env);
  return file === '-' ? 'what stdin gives' : file;
}

function fileOf(
  { passwordEnv = PASSWORD_VARIABLE, passwordFile }: PasswordPlaces,
  env: Environment,
): string | undefined {
  const file = passwordFile ?? env[`${passwordEnv}_FILE`];
  return file === '' ? undefined : file;
}

/** The environment for agents, gates and set-up: whoever has the password of Redis can use every worker of the queue. */
export function envWithoutPassword(env: Environment, { passwordEnv }: PasswordPlaces): Environment {
  const names = [PASSWORD_VARIABLE, passwordEnv ?? PASSWORD_VARIABLE].flatMap((name) => [
    name,
    `${name}_FILE`,
  ]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

function contentOf(file: string): string {
  const known = read.get(file);
  if (known !== undefined) return known;
  const password = textOf(file).replace(/\r?\n$/, '');
  if (password === '') throw unreadable(file, 'it is empty');
  read.set(file, password);
  return password;
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(file: string, why: string): PwtError {
  const what = file === '-' ? 'standard input' : file;
  return new PwtError('PWT_PLUGIN_OPTIONS', `The password of Redis can't be read from ${what}: ${why}.`, {
    hint: 'Write the password into it, on one line, so that the user of pwt alone can read it.',
    data: { file },
  });
}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL(import.meta.resolve('@pwt/cli/package.json'));

/** The built `pwt`, as npm would link it. */
export const pwtProgram = fileURLToPath(new URL(JSON.parse(readFileSync(cli, 'utf8')).bin.pwt, cli));

/**
 * Runs a Node program to its end.
 *
 * @param {readonly string[]} args
 * @param {{cwd: string, env: NodeJS.ProcessEnv}} options
 * @returns {string} what it printed
 * @throws Error if it ends with anything but 0
 */
export function runNode(args, { cwd, env }) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0)
    throw new Error(`node ${args.join(' ')} ended with ${status}\n${stderr}${stdout.slice(-2000)}`);
  return stdout;
}

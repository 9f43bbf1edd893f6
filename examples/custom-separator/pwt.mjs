import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const manifest = new URL(import.meta.resolve('@pwt/cli/package.json'));
const program = fileURLToPath(new URL(JSON.parse(readFileSync(manifest, 'utf8')).bin.pwt, manifest));

/**
 * What `pwt plan --json` says about a repository. `--yes` approves the plugin: a file that a repository names is
 * code, and pwt runs it only once its content has been approved. On a terminal pwt asks.
 *
 * @param {{path: string, env: Record<string, string>}} repository
 * @returns {{patterns: Record<string, string[]>, conflicts: [string, string][]}} the claimed patterns by task, and
 *   the pairs that conflict
 */
export function planOf({ path, env }) {
  const output = execFileSync(process.execPath, [program, 'plan', '--json', '--yes'], { cwd: path, env });
  /** @type {{tasks: {id: string, claims: {pattern: string}[]}[], conflicts: {tasks: [string, string]}[]}} */
  const plan = JSON.parse(output.toString());
  return {
    patterns: Object.fromEntries(
      plan.tasks.map(({ id, claims }) => [id, claims.map(({ pattern }) => pattern)]),
    ),
    conflicts: plan.conflicts.map(({ tasks }) => tasks),
  };
}

#!/usr/bin/env node
/**
 * An agent that does a task of a list as its prompt asks for: it writes the first file that its task claims and that is no document of the feature, and where there
 * is none it runs the command of the prompt that states that nothing has to be changed.
 *
 * `STATE_IN`: a folder of the worktree to say it in. `STATE_CLEARED`: with nothing in its environment. `SILENT`: says nothing.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { env } = process;
const prompt = readFileSync(0, 'utf8');
/** @type {string[]} */
const claims = JSON.parse(readFileSync(`${env.PWT_CLAIMS_FILE}`, 'utf8'));
const file = claims.find((path) => !/^specs\/|[*?[\]{}!\\]|\/$/.test(path));
if (file !== undefined) {
  mkdirSync(dirname(join(process.cwd(), file)), { recursive: true });
  writeFileSync(file, `written by task ${env.PWT_TASK_ID}\n`);
} else if (env.SILENT === undefined) {
  const [, command] = /^ *`(.* done --no-change -m )'why'`$/m.exec(prompt) ?? [];
  const cwd = join(process.cwd(), env.STATE_IN ?? '.');
  mkdirSync(cwd, { recursive: true });
  const given = env.STATE_CLEARED === undefined ? env : {};
  console.log(
    execFileSync('/bin/sh', ['-c', `${command} 'all is in order'`], { cwd, env: given, encoding: 'utf8' }),
  );
}

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The programs `pwt` and `pwt-worker`, and the scripted agent of `pwt demo` with the project that it works on. */
export const pwt = programOf('@pwt/cli', 'pwt');
export const pwtWorker = programOf('@pwt/plugin-bullmq', 'pwt-worker');
export const demo = fileURLToPath(new URL('demo', import.meta.resolve('@pwt/cli/package.json')));

/**
 * @param {string} name
 * @param {string} program
 */
function programOf(name, program) {
  const manifest = new URL(import.meta.resolve(`${name}/package.json`));
  return fileURLToPath(new URL(JSON.parse(readFileSync(manifest, 'utf8')).bin[program], manifest));
}

/**
 * A program that is at work, and what it prints, line by line.
 *
 * @param {readonly string[]} command
 * @param {{cwd: string, env: NodeJS.ProcessEnv, input?: string, onLine?: (line: string) => void}} options
 */
export function start([file = '', ...args], { cwd, env, input = '', onLine = () => undefined }) {
  const child = spawn(file, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
  }
  return {
    child,
    output: () => output,
    ended: once(child, 'close').then(([code]) => /** @type {number | null} */ (code)),
  };
}

/**
 * Lines that a git command prints.
 *
 * @param {string} cwd
 * @param {readonly string[]} args
 * @returns {string[]}
 */
export function git(cwd, ...args) {
  const text = execFileSync('git', args, { cwd, encoding: 'utf8' }).trimEnd();
  return text === '' ? [] : text.split('\n');
}

/**
 * The command lines of processes that mention a folder.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function processesIn(folder) {
  const lines = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(folder));
}

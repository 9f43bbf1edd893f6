#!/usr/bin/env node
/**
 * An agent that does what its prompt says, for tests of whole runs. It reads the prompt from standard input
 * and obeys lines that start with `@`, in order; paths are relative to the working directory:
 *
 *   @write PATH TEXT      writes a file (`\n` in TEXT is a line break)
 *   @append PATH TEXT     appends to a file
 *   @delete PATH          removes a file
 *   @claims               writes every claimed path that is not a glob
 *   @commit MESSAGE       commits everything that is not committed
 *   @say TEXT             prints a line
 *   @signal FILE          creates FILE: tells the test that this point is reached
 *   @wait FILE            goes on when FILE exists: the test lets the agent go on
 *   @exit CODE            ends with CODE
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const claims = () => JSON.parse(readFileSync(process.env.PWT_CLAIMS_FILE, 'utf8'));

function put(path, text, write = writeFileSync) {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  write(path, `${text.replaceAll('\\n', '\n')}\n`);
}

/** Resolves when the file exists; the directory it is in must exist already. */
function fileExists(path) {
  return new Promise((done) => {
    const watcher = watch(dirname(path), () => check());
    const check = () => {
      if (!existsSync(path)) return;
      watcher.close();
      done();
    };
    check();
  });
}

const directives = {
  write: (path, text) => put(path, text),
  append: (path, text) => put(path, text, appendFileSync),
  delete: (path) => rmSync(path),
  claims: () => {
    for (const path of claims()) {
      if (!/[*?[\]{}!\\]|\/$/.test(path)) put(path, `written by task ${process.env.PWT_TASK_ID}`);
    }
  },
  commit: (...words) => {
    execFileSync('git', ['add', '--all'], { stdio: 'inherit' });
    const { status } = spawnSync('git', ['diff', '--cached', '--quiet']);
    // An earlier attempt may have committed it.
    if (status === 0) return;
    execFileSync('git', ['commit', '--quiet', '-m', words.join(' ')], { stdio: 'inherit' });
  },
  say: (...words) => console.log(words.join(' ')),
  signal: (path) => writeFileSync(path, `${process.pid}\n`),
  wait: (path) => fileExists(path),
  exit: (code) => process.exit(Number(code)),
};

for (const line of readFileSync(0, 'utf8').split('\n')) {
  const match = /^@([a-z]+)(?: (\S+)(?: (.*))?)?$/.exec(line);
  const run = match && directives[match[1]];
  if (run) await run(match[2] ?? '', match[3] ?? '');
}

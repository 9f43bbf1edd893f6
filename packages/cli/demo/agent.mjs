// The scripted agent of `pwt demo`: reads its prompt, thinks, edits, tests and commits, as a real one would.

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { solutions } from './solutions.mjs';

const THINKING_MS = Number(process.env.PWT_DEMO_THINKING_MS ?? 3000);

const taskId = process.env.PWT_TASK_ID ?? '';
const prompt = readFileSync(0, 'utf8');
const title = /^# Task (.*)$/m.exec(prompt)?.[1] ?? taskId;
console.log(`Reading the task: ${title}`);
await sleep(THINKING_MS / 2);

const {
  write = {},
  append = {},
  fails,
} = solutions[taskId] ?? { fails: `I have no idea how to do ${taskId}.` };
if (fails !== undefined) {
  console.error(fails);
  process.exit(1);
}
for (const [path, text] of Object.entries(write)) {
  console.log(`Writing ${path}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
for (const [path, text] of Object.entries(append)) {
  console.log(`Changing ${path}`);
  appendFileSync(path, text);
}
await sleep(THINKING_MS / 2);

console.log('Running the tests');
execFileSync(process.execPath, ['test/all.js'], { stdio: ['ignore', 'ignore', 'inherit'] });
execFileSync('git', ['add', '--all']);
execFileSync('git', ['commit', '--quiet', `--message=${title}`], { stdio: 'inherit' });
console.log('Done');

// An agent that writes into the worktree of another task before it does its own: roaming-agent.mjs FOLDER NUMBER-OF-AGENTS git|file.
// The test says when: by the files `go-<id>` and `finish` in the folder. Each agent leaves marks there.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [folder = '', count = '', how = ''] = process.argv.slice(2);
const { PWT_TASK_ID: id = '', PWT_WORKTREE: own = '' } = process.env;

/** @param {() => boolean} holds */
const until = async (holds) => {
  while (!holds()) {
    // The test is over.
    if (!existsSync(folder)) process.exit(1);
    await pause(20);
  }
};
/** @param {string} kind */
const marks = (kind) => readdirSync(folder).filter((name) => name.startsWith(kind)).length;

writeFileSync(join(folder, `started-${id}`), own);
await until(() => marks('started-') === Number(count));
const other = id === '1' ? '2' : '1';
await until(() => existsSync(join(folder, `go-${id}`)));
const victim = readFileSync(join(folder, `started-${other}`), 'utf8');
// As agents do, it says what it is about to write.
const stray = join(victim, `task-${id}.txt`);
console.log(`Write(${stray})`);
const text = `agent ${id} was in the worktree of task ${other}`;
if (how === 'git') {
  const name = `task-${id}.txt`;
  const patch = `diff --git a/${name} b/${name}\nnew file mode 100644\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1 @@\n+${text}\n`;
  execFileSync('git', ['apply'], { cwd: victim, input: patch });
} else writeFileSync(stray, `${text}\n`);
writeFileSync(join(folder, `roamed-${id}`), String(Date.now()));
await until(() => existsSync(join(folder, 'finish')));
writeFileSync(join(own, `task-${id}.txt`), `the work of task ${id}\n`);
execFileSync('git', ['add', '-A'], { cwd: own });
execFileSync('git', ['commit', '-qm', `work of task ${id}`], { cwd: own });

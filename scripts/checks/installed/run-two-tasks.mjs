// Copied next to an installed pwt by `checks/tarballs.mjs`: two specs, a command as agent, through the API alone.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// @boundaries-ignore it runs where the tarballs are installed
import { createCoordinator } from '@pwt/default';

const cwd = join(import.meta.dirname, 'project');
mkdirSync(join(cwd, 'specs'), { recursive: true });
for (const id of ['1', '2']) {
  writeFileSync(join(cwd, `specs/SPEC-${id}-note.md`), `# Note ${id}\n\n**File**: \`notes/${id}.txt\`\n`);
}
const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd, encoding: 'utf8' });
git('init', '--quiet', '--initial-branch=main');
git('add', '.');
git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message=Specs');

const agent = `
  const { mkdirSync, writeFileSync } = await import('node:fs');
  mkdirSync('notes', { recursive: true });
  writeFileSync('notes/' + process.env.PWT_TASK_ID + '.txt', 'done');
`;
const coordinator = await createCoordinator({
  cwd,
  agent: { command: [process.execPath, '--input-type=module', '--eval', agent] },
  maxInstances: 2,
});
const result = await coordinator.run({ taskIds: ['1', '2'], autoApprove: true });
await coordinator.dispose();

assert.equal(result.success, true, JSON.stringify(result, null, 2));
assert.deepEqual([...result.completed].sort(), ['1', '2']);
for (const id of ['1', '2']) assert.equal(readFileSync(join(cwd, `notes/${id}.txt`), 'utf8'), 'done');

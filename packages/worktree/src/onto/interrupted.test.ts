import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { type Files, repositoryWith, testEnvironment } from '../../test/repository.js';

/** Every so many of git's commands. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 4;

const BASE: Files = { a: '1\n2\n3\n', gone: 'g\n', 'folder/x': 'x\n' };
const OURS: Files = { a: '1\nours\n3\n', mine: 'm\n' };

/** A program in front of git that is killed together with it, before or after a command that its file names. */
function killer(folder: string): {
  readonly path: string;
  readonly arm: (step: string) => void;
  readonly seen: string;
} {
  const [path, plan, seen] = ['git-wrapper', 'plan', 'seen'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(plan, '');
  writeFileSync(
    path,
    `#!/bin/sh
for word in "$@"; do case $word in read-tree|update-index|update-ref|reset|commit-tree|checkout-index|ls-files) command=$word; break;; esac; done
[ -n "$command" ] && echo "$command" >>'${seen}'
count=$([ -f '${seen}' ] && grep -c . '${seen}' || echo 0)
read when number <'${plan}' || true
if [ -n "$command" ] && [ "$number" = "$count" ]; then
  [ "$when" = after ] && git "$@"
  exit 3
fi
exec git "$@"
`,
  );
  chmodSync(path, 0o755);
  return {
    path,
    seen,
    arm: (step) => {
      writeFileSync(plan, `${step}\n`);
      writeFileSync(seen, '');
    },
  };
}

describe.each([
  ['a merge that conflicts', { a: '1\ntheirs\n3\n', gone: null, new: 'n\n' }, 'conflicted'],
  ['a clean merge', { gone: null, new: 'n\n', 'folder/x': 'X\n' }, 'merged'],
] as const)('%s, ended at any of its git commands', (_, theirs, status) => {
  it('starts again from where the work was, and ends the same', async () => {
    const { repository, base } = await repositoryWith(BASE);
    const workspace = await repository.create('20', base);
    repository.write(OURS, workspace.path);
    const own = repository.git.at(workspace.path);
    await own.run(['add', '--all']);
    await own.run(['commit', '--quiet', '-m', 'work']);
    const work = await own.text(['rev-parse', 'HEAD']);
    const onto = await repository.commit(theirs, 'theirs');
    const wrapper = killer(repository.folder);
    const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath: wrapper.path });
    const provider = () => repository.providerWith({ git });
    const request = { workspace, onto, message: 'left' };
    wrapper.arm('never 0');
    const wanted = await provider().moveOnto(request);
    expect(wanted.outcome.status).toBe(status);
    const steps = readFileSync(wrapper.seen, 'utf8').trim().split('\n').length;
    const files = () =>
      ['a', 'gone', 'new', 'mine', 'folder/x'].map((path) => read(join(workspace.path, path)));
    const index = async () => own.text(['ls-files', '--stage']);
    const [wantedFiles, wantedIndex] = [files(), await index()];
    for (let step = 1; step <= steps; step += STEP) {
      for (const when of ['before', 'after']) {
        await own.run(['reset', '--quiet', '--hard', work]);
        wrapper.arm(`${when} ${step}`);
        await provider()
          .moveOnto(request)
          .catch(() => undefined);
        wrapper.arm('never 0');
        const again = await provider().moveOnto(request);
        expect([when, step, again.outcome]).toEqual([when, step, wanted.outcome]);
        expect(files()).toEqual(wantedFiles);
        expect(await index()).toBe(wantedIndex);
      }
    }
  });
});

it('a move that left files without an index is undone, and what somebody wrote there is in a snapshot', async () => {
  const { repository, base } = await repositoryWith(BASE);
  const workspace = await repository.create('20', base);
  const onto = await repository.commit({ new: 'n\n', 'folder/x': 'X\n' }, 'theirs');
  const recordFile = join(repository.stateDir, 'worktrees', `${workspace.id}.json`);
  const record = JSON.parse(readFileSync(recordFile, 'utf8'));
  const to = await repository.git.text(['rev-parse', `${onto}^{tree}`]);
  writeFileSync(recordFile, JSON.stringify({ ...record, moving: { head: base, onto, to } }));
  writeFileSync(join(workspace.path, 'new'), 'half');
  appendFileSync(join(workspace.path, 'folder/x'), 'half');
  const collected = await repository.provider.collect({ workspace, message: 'left' });
  expect(collected).toMatchObject({ status: 'collected', commit: base, changes: [] });
  expect(existsSync(join(workspace.path, 'new'))).toBe(false);
  const [ref] = await repository.git.lines(['for-each-ref', '--format=%(refname)', 'refs/pwt/r1/snapshots/']);
  expect(await repository.git.text(['show', `${ref}:new`])).toBe('half');
});

function read(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

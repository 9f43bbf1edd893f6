import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { ExchangeStage, testEnvironment } from '../../../test/exchange-stage.js';
import { requireOwnRef } from './own-ref.js';
import { Remote, type RemoteOptions } from './remote.js';

const REF = 'refs/pwt/attempts/r1/1/1';

async function ready(options: Partial<RemoteOptions> = {}) {
  const stage = await ExchangeStage.create();
  const git = stage.project;
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const remote = new Remote({ git, address: stage.remote, wait, ...options });
  return { stage, git, remote, head: await stage.head(), waits };
}

/** A program in front of git: `script` sees a push or fetch, with `$real` to call, and `$n`, the how manieth it is. */
function inFront(folder: string, command: string, script: string): Git {
  const [gitPath, seen] = [join(folder, 'wrapper'), join(folder, 'seen')];
  writeFileSync(seen, '');
  writeFileSync(
    gitPath,
    `#!/bin/sh
for word in "$@"; do last=$word; case $word in push|fetch|ls-remote) command=$word;; esac; done
real() { git "$@"; }
if [ "$command" = ${command} ]; then
  echo x >>'${seen}'
  n=$(grep -c x '${seen}')
  ${script}
fi
exec git "$@"
`,
  );
  chmodSync(gitPath, 0o755);
  return new Git({ cwd: join(folder, 'project'), env: testEnvironment, gitPath });
}

async function codeOf(action: Promise<unknown>): Promise<{ code?: string; message: string; hint?: string }> {
  return action.then(
    () => ({ message: 'nothing was thrown' }),
    (error) => ({ code: error.code, message: error.message, hint: error.hint }),
  );
}

describe('a ref that is created', () => {
  it('is created once; the same again is no other', async () => {
    const { remote, head, stage } = await ready();
    expect(await remote.create(REF, head)).toEqual({ status: 'created' });
    expect(await remote.create(REF, head)).toEqual({ status: 'created' });
    const other = await stage.commit({ b: 'b\n' });
    expect(await remote.create(REF, other)).toEqual({ status: 'taken', by: head });
    await remote.replace(REF, other);
    expect(await remote.read(REF)).toBe(other);
    // Not a fast-forward.
    await remote.replace(REF, head);
    expect(await remote.read(REF)).toBe(head);
  });

  it('counts as created where the answer to the push was lost', async () => {
    const { stage, head } = await ready();
    const git = inFront(
      stage.folder,
      'push',
      'real "$@" >/dev/null; echo "fatal: the remote end hung up unexpectedly" >&2; exit 128',
    );
    const remote = new Remote({ git, address: stage.remote });
    expect(await remote.create(REF, head)).toEqual({ status: 'created' });
  });

  it('is tried again where the push did not get there, and a network that is down is no refusal', async () => {
    const { stage, head, waits } = await ready();
    const wait = async (ms: number) => void waits.push(ms);
    const cut = 'echo "fatal: could not read from remote repository" >&2; exit 128';
    const flaky = inFront(stage.folder, 'push', `[ "$n" -lt 3 ] && { ${cut}; }`);
    expect(await new Remote({ git: flaky, address: stage.remote, wait }).create(REF, head)).toEqual({
      status: 'created',
    });
    expect(waits).toHaveLength(2);
    const down = inFront(stage.folder, 'push', cut);
    const remote = new Remote({ git: down, address: stage.remote, wait });
    expect(await codeOf(remote.create('refs/pwt/attempts/r1/1/2', head))).toMatchObject({
      code: 'PWT_EXCHANGE_UNREACHABLE',
      message: expect.stringContaining('could not read from remote repository'),
    });
    const deaf = inFront(stage.folder, 'ls-remote', cut);
    const silent = new Remote({ git: deaf, address: join(stage.folder, 'nowhere'), wait });
    expect((await codeOf(silent.create(REF, head))).code).toBe('PWT_EXCHANGE_UNREACHABLE');
  });

  it('of a push that does not end is looked for after a time', async () => {
    const { stage, head } = await ready();
    const git = inFront(stage.folder, 'push', '[ "$n" = 1 ] && { real "$@" >/dev/null; exec sleep 1000; }');
    const remote = new Remote({ git, address: stage.remote, timeoutMs: 1500 });
    expect(await remote.create(REF, head)).toEqual({ status: 'created' });
  });
});

describe('a remote that says no', () => {
  it('by a hook: its words are in the error', async () => {
    const { stage, remote, head } = await ready();
    const hook = join(stage.remote, 'hooks/pre-receive');
    mkdirSync(join(stage.remote, 'hooks'), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\necho "only on weekdays" >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    const failed = await codeOf(remote.create(REF, head));
    expect(failed.code).toBe('PWT_EXCHANGE_REFUSED');
    expect(failed.message).toMatch(/only on weekdays[\s\S]*pre-receive hook declined/);
    expect((await codeOf(remote.delete(new Map([['refs/pwt/base/1', head]])))).code).toBe(undefined);
    // It may be created, and not be deleted.
    writeFileSync(
      hook,
      '#!/bin/sh\nread old new ref; case $new in *[1-9a-f]*) ;; *) echo "kept for ever" >&2; exit 1;; esac\n',
    );
    await remote.create(REF, head);
    expect(await codeOf(remote.delete(new Map([[REF, head]])))).toMatchObject({
      code: 'PWT_EXCHANGE_REFUSED',
      message: expect.stringContaining('kept for ever'),
    });
  });

  it('by not being there, or being no repository: with the address, and without a password', async () => {
    const { stage, git, head } = await ready();
    mkdirSync(join(stage.folder, 'empty'));
    const wait = async () => undefined;
    for (const address of [join(stage.folder, 'nowhere'), join(stage.folder, 'empty')]) {
      const remote = new Remote({ git, address, wait });
      for (const action of [
        () => remote.create(REF, head),
        () => remote.fetch(REF, '1'.repeat(40)),
        () => remote.list(REF),
        () => remote.rehearse(head),
      ])
        expect(await codeOf(action())).toMatchObject({
          code: 'PWT_EXCHANGE_UNREACHABLE',
          message: expect.stringContaining(address),
        });
    }
    const secret = new Remote({ git, address: 'http://ada:s3c@ret@127.0.0.1:9/x.git', wait });
    const failed = await secret.list(REF).catch((error) => error);
    expect(failed.code).toBe('PWT_EXCHANGE_UNREACHABLE');
    expect(JSON.stringify(failed) + failed.message + failed.stack + failed.cause).not.toMatch(/s3c|ret@/);
  });
});

describe('what is fetched', () => {
  it('is asked for by its id, and by its ref where the remote gives nothing by id', async () => {
    const { stage, remote, head } = await ready();
    await remote.create(REF, head);
    const elsewhere = join(stage.folder, 'elsewhere');
    await stage.plain(stage.folder).run(['init', '--quiet', elsewhere]);
    const git = inFront(
      stage.folder,
      'fetch',
      'case $last in refs/*) ;; *) echo "error: Server does not allow request for unadvertised object" >&2; exit 128;; esac',
    ).at(elsewhere);
    await new Remote({ git, address: stage.remote }).fetch(REF, head);
    expect(await git.text(['cat-file', '-t', head])).toBe('commit');
  });

  it('writes no ref, no tag and no FETCH_HEAD, and prunes nothing', async () => {
    const { stage, git, remote, head } = await ready();
    await remote.create(REF, head);
    const branchRef = `refs/heads/b`;
    const bare = stage.plain(stage.remote);
    await bare.run(['update-ref', branchRef, head]);
    await bare.run(['tag', 'v1', head]);
    await git.run(['config', 'fetch.prune', 'true']);
    await git.run(['config', 'fetch.pruneTags', 'true']);
    await git.run(['tag', 'mine']);
    const before = await git.text(['for-each-ref']);
    await remote.fetch(REF, head);
    expect(await git.text(['for-each-ref'])).toBe(before);
    expect(existsSync(join(stage.root, '.git/FETCH_HEAD'))).toBe(false);
  });

  it('is missing, or is something else', async () => {
    const { stage, remote, head } = await ready();
    const nothing = '1'.repeat(40);
    expect(await codeOf(remote.fetch(REF, nothing))).toMatchObject({ code: 'PWT_EXCHANGE_MISSING' });
    await remote.create(REF, head);
    expect(await codeOf(remote.fetch(REF, nothing))).toMatchObject({
      code: 'PWT_EXCHANGE_UNSOUND',
      message: expect.stringContaining(head),
    });
    for (const id of ['HEAD', '--upload-pack=touch x', head.slice(0, 12), '', `${head}\n`])
      expect((await codeOf(remote.fetch(REF, id))).code).toBe('PWT_EXCHANGE_UNSOUND');
    expect(existsSync(join(stage.root, 'x'))).toBe(false);
  });

  it.each([
    ['a path .git in a tree', (id: string) => `100644 .git\0${id}`],
    ['a path that leads out', (id: string) => `100644 ..\0${id}`],
  ])('is refused with %s', async (_, entry) => {
    const { stage, git, head } = await ready();
    const bare = stage.plain(stage.remote);
    const blob = await bare.text(['hash-object', '-w', '--stdin'], { input: 'evil' });
    const raw = entry(Buffer.from(blob, 'hex').toString('latin1'));
    const tree = await bare.text(['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], {
      input: Buffer.from(raw, 'latin1'),
    });
    const commit = await bare.text(['commit-tree', tree, '-m', 'evil']);
    await bare.run(['update-ref', REF, commit]);
    const remote = new Remote({ git, address: stage.remote, wait: async () => undefined });
    expect(await codeOf(remote.fetch(REF, commit))).toMatchObject({ code: 'PWT_EXCHANGE_UNSOUND' });
    expect((await git.run(['cat-file', '-e', commit], { okExitCodes: [0, 1, 128] })).exitCode).not.toBe(0);
    expect(head).not.toBe(commit);
  });

  it('may have faults that only old programs have left in its history', async () => {
    const { stage, git } = await ready();
    const bare = stage.plain(stage.remote);
    const tree = await bare.text(['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' });
    const old = `tree ${tree}\nauthor Ada <ada@example.com> 1 +051800\ncommitter  <> 007 +0000\n\nold\n`;
    const commit = await bare.text(['hash-object', '-w', '-t', 'commit', '--literally', '--stdin'], {
      input: old,
    });
    await bare.run(['update-ref', REF, commit]);
    await new Remote({ git, address: stage.remote }).fetch(REF, commit);
    expect(await git.text(['cat-file', '-t', commit])).toBe('commit');
  });
});

describe('refs that are deleted', () => {
  it('are those that are where they were seen, in one push', async () => {
    const { stage, remote, head } = await ready();
    const names = [1, 2, 3].map((number) => `refs/pwt/attempts/r1/1/${number}`);
    for (const name of names) await remote.create(name, head);
    const seen = await remote.list('refs/pwt/attempts/r1/');
    const other = await stage.commit({ b: 'b\n' });
    await remote.replace(names[1] ?? '', other);
    await stage.plain(stage.remote).run(['update-ref', '-d', names[2] ?? '']);
    await remote.delete(seen);
    expect(await stage.remoteRefs()).toEqual({ [names[1] ?? '']: other });
  });
});

it('refs of other names are never listed, whatever they end with', async () => {
  const { stage, remote, head } = await ready();
  const bare = stage.plain(stage.remote);
  await remote.create(REF, head);
  for (const ref of [`refs/heads/${REF}`, `${REF}x`, 'refs/pwt/attempts/r10/1/1'])
    await bare.run(['update-ref', ref, head]);
  expect([...(await remote.list(REF))]).toEqual([[REF, head]]);
  expect([...(await remote.list('refs/pwt/attempts/r1/')).keys()].sort()).toEqual([REF, `${REF}x`]);
});

it('goes over a transport such as ssh', async () => {
  const { stage, head } = await ready();
  const ssh = join(stage.folder, 'ssh');
  // The last word is what would run over there.
  writeFileSync(ssh, '#!/bin/sh\nfor word in "$@"; do command=$word; done\nexec sh -c "$command"\n');
  chmodSync(ssh, 0o755);
  const git = new Git({ cwd: stage.root, env: { ...testEnvironment, GIT_SSH_COMMAND: ssh } });
  const remote = new Remote({ git, address: `ssh://host${stage.remote}` });
  expect(await remote.create(REF, head)).toEqual({ status: 'created' });
  expect(await remote.read(REF)).toBe(head);
  await remote.fetch(REF, head);
});

it.each([
  'refs/heads/main',
  'refs/pwt',
  'refs/pwt/',
  'refs/pwt/../heads/main',
  'refs/pwt/a..b',
  'refs/pwt/a b',
  'refs/pwt/a:refs/heads/main',
  '+refs/pwt/a',
  'refs/pwt/-a',
  'refs/pwt/.a',
  'refs/pwt/a.',
  'refs/pwt/a.lock',
  'refs/pwt/a.LOCK/b',
  'refs/pwt/a//b',
  'refs/pwt/a*',
  'refs/pwt/a\n',
  'refs/pwt/a\0',
  'refs/pwt/ä',
  'refs/pwt/@{-1}',
  `refs/pwt/${'a/'.repeat(300)}a`,
])('%j is no ref that travels', async (ref) => {
  expect(() => requireOwnRef(ref)).toThrow(expect.objectContaining({ code: 'PWT_BAD_REF_NAME' }));
});

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attemptOf, ExchangeStage, type TestWorker, write } from '../../test/exchange-stage.js';
import { isProof } from '../../test/redis-server.js';
import { commitWork } from '../worker/mirror/result-commit.js';
import { refs } from './refs.js';
import { isTombstone } from './tombstone.js';

const exit = { kind: 'exited', exitCode: 0, durationMs: 5 } as const;

/** A task whose agent has worked on a worker, and the commit of its state. */
async function worked(stage: ExchangeStage, taskId = '1') {
  const exchange = await stage.exchange();
  const base = await stage.head();
  await exchange.offer('r1', base);
  const worker = await stage.worker();
  const workspace = await worker.place(taskId, base);
  write(workspace.path, { b: 'b\n' });
  const attempt = attemptOf(taskId);
  const result = await commitWork(worker, { workspace, attempt, exit });
  return { exchange, worker, workspace, attempt, base, result: result ?? '' };
}

describe.each(['sha1', 'sha256'] as const)('in a repository of the format %s', (format) => {
  it('a commit gets to a worker, and its work comes back', async () => {
    const stage = await ExchangeStage.create({ a: 'a\n' }, { format });
    const { exchange, worker, attempt, result, base } = await worked(stage);
    const ref = refs.attempt(attempt);
    expect(await worker.mirror.publish(ref, result, 'create')).toBe('published');
    expect(await worker.mirror.publish(ref, result, 'create')).toBe('published');
    await exchange.take({ ref, commit: result, into: 'refs/pwt/r1/results/1/1' });
    expect(await stage.project.text(['rev-parse', 'refs/pwt/r1/results/1/1^1'])).toBe(base);
    expect(await stage.project.text(['show', `${result}:b`])).toBe('b');
    expect(await exchange.exitOf(attempt, result)).toEqual(exit);
    expect(await exchange.giveUp(attempt)).toEqual({ status: 'finished', ref, commit: result });
  });

  it('an attempt that is given up has no result any more, whoever asks', async () => {
    const stage = await ExchangeStage.create({ a: 'a\n' }, { format });
    const { exchange, worker, attempt, result } = await worked(stage);
    expect(await exchange.giveUp(attempt)).toEqual({ status: 'given-up' });
    expect(await (await stage.exchange()).giveUp(attempt)).toEqual({ status: 'given-up' });
    const ref = refs.attempt(attempt);
    expect(await worker.mirror.publish(ref, result, 'create')).toBe('taken');
    expect(await worker.mirror.look(ref)).toBe('given-up');
    expect(isTombstone((await stage.remoteRefs())[ref] ?? '')).toBe(true);
  });
});

const ROUNDS = isProof ? 100 : 4;

it(
  `of a result and a tombstone that are pushed at the same moment one counts, for both (${ROUNDS} rounds)`,
  async () => {
    const stage = await ExchangeStage.create();
    const { exchange, worker, workspace } = await worked(stage);
    const won = { finished: 0, 'given-up': 0 };
    for (let number = 2; number < ROUNDS + 2; number += 1) {
      const attempt = attemptOf('1', number);
      const result = (await commitWork(worker, { workspace, attempt, exit })) ?? '';
      const ref = refs.attempt(attempt);
      // Its objects are there: then both pushes take the same time.
      await worker.mirror.publish(refs.unfinished(attempt), result, 'replace');
      const publish = () => worker.mirror.publish(ref, result, 'create');
      const giveUp = () => exchange.giveUp(attempt);
      // Whoever starts first is ahead by a process.
      const [published, given] =
        number % 2 === 0
          ? await Promise.all([publish(), giveUp()])
          : await Promise.all([giveUp(), publish()]).then(([a, b]) => [b, a] as const);
      won[given.status] += 1;
      const there = (await stage.remoteRefs())[ref] ?? '';
      expect([published, given]).toEqual(
        there === result
          ? ['published', { status: 'finished', ref, commit: result }]
          : ['taken', { status: 'given-up' }],
      );
      expect(there === result || isTombstone(there)).toBe(true);
      // Both see the same, again and in another process.
      expect(await publish()).toBe(published);
      expect(await (await stage.exchange()).giveUp(attempt)).toEqual(given);
    }
    process.stdout.write(`of ${ROUNDS}: ${won.finished} results, ${won['given-up']} tombstones\n`);
  },
  60_000 + ROUNDS * 5_000,
);

describe('what is offered', () => {
  it('is pushed once for all runs, and again if somebody has found it missing', async () => {
    const stage = await ExchangeStage.create();
    const exchange = await stage.exchange();
    const base = await stage.head();
    const ref = refs.base(base);
    await Promise.all([exchange.offer('r1', base), exchange.offer('r1', base), exchange.offer('r2', base)]);
    expect(await stage.remoteRefs()).toEqual({ [ref]: base });
    await stage.plain(stage.remote).run(['update-ref', '-d', ref]);
    await exchange.offer('r1', base);
    expect(await stage.remoteRefs()).toEqual({});
    await exchange.offer('r1', base, true);
    expect(await stage.remoteRefs()).toEqual({ [ref]: base });
  });

  it('is tried anew after a failure', async () => {
    const stage = await ExchangeStage.create();
    const exchange = await stage.exchange();
    const base = await stage.head();
    rmSync(stage.remote, { recursive: true });
    await expect(exchange.offer('r1', base)).rejects.toMatchObject({ code: 'PWT_EXCHANGE_UNREACHABLE' });
    await stage.plain(stage.folder).run(['init', '--quiet', '--bare', stage.remote]);
    await exchange.offer('r1', base);
    expect(await stage.remoteRefs()).toEqual({ [refs.base(base)]: base });
  });

  it('stays while another run needs it, also one of an earlier process', async () => {
    const stage = await ExchangeStage.create();
    const base = await stage.head();
    await (await stage.exchange()).offer('r1', base);
    const exchange = await stage.exchange();
    await exchange.offer('r2', base);
    await exchange.release('r2');
    expect(await stage.remoteRefs()).toEqual({ [refs.base(base)]: base });
    await (await stage.exchange()).release('r1');
    expect(await stage.remoteRefs()).toEqual({});
    expect(await stage.project.text(['for-each-ref', 'refs/pwt/'])).toBe('');
    // Nobody's: another clone has put it there.
    await stage.project.run(['push', '--quiet', 'origin', `${base}:${refs.base(base)}`]);
    await exchange.release('r1');
    expect(await stage.remoteRefs()).toEqual({ [refs.base(base)]: base });
    await exchange.offer('r2', base);
    expect(await stage.project.text(['for-each-ref', '--format=%(refname)', 'refs/pwt/'])).toBe(
      `refs/pwt/r2/offered/${base}`,
    );
  });
});

describe('a run that is over', () => {
  const published = async (worker: TestWorker, name: string, commit: string) =>
    void (await worker.mirror.publish(name, commit, 'replace'));

  it('leaves nothing there, and its work that nobody has taken is found by pwt restore', async () => {
    const stage = await ExchangeStage.create();
    const { exchange, worker, workspace, attempt, result, base } = await worked(stage);
    const more = async (number: number, text: string) => {
      write(workspace.path, { b: text });
      return (await commitWork(worker, { workspace, attempt: attemptOf('1', number) })) ?? '';
    };
    const [late, unfinished, superseded, taken] = [
      await more(2, 'late\n'),
      await more(3, 'unfinished\n'),
      await more(1, 'superseded\n'),
      await more(4, 'taken\n'),
    ];
    await published(worker, refs.attempt(attempt), result);
    await published(worker, refs.unfinished(attempt), superseded);
    await exchange.giveUp(attemptOf('1', 2));
    await published(worker, refs.late(attemptOf('1', 2), 'worker-1'), late);
    await exchange.giveUp(attemptOf('1', 3));
    await published(worker, refs.unfinished(attemptOf('1', 3)), unfinished);
    await published(worker, refs.asked('r1', '1', taken), taken);
    await exchange.take({
      ref: refs.asked('r1', '1', taken),
      commit: taken,
      into: 'refs/pwt/r1/snapshots/1/7',
    });
    await published(worker, refs.asked('r1', '1', base), base);
    await published(worker, refs.log('r1', '1.1.stdout'), base);
    await published(worker, 'refs/pwt/attempts/r2/1/1', result);
    expect(await exchange.lateOf('r1')).toEqual([
      {
        attempt: attemptOf('1', 2),
        worker: 'worker-1',
        ref: refs.late(attemptOf('1', 2), 'worker-1'),
        commit: late,
      },
    ]);
    expect(await exchange.unfinished(attemptOf('1', 3))).toEqual({
      ref: refs.unfinished(attemptOf('1', 3)),
      commit: unfinished,
    });
    expect(await exchange.unfinished(attemptOf('1', 9))).toBe(undefined);
    await exchange.release('r1');
    expect(await stage.remoteRefs()).toEqual({ 'refs/pwt/attempts/r2/1/1': result });
    const kept = await stage.project.lines(['for-each-ref', '--format=%(objectname)', 'refs/pwt/r1/']);
    expect(kept.sort()).toEqual([late, unfinished, taken, result].sort());
    expect(await stage.project.text(['show', `${unfinished}:b`])).toBe('unfinished');
    await exchange.release('r1');
    await (await stage.exchange()).release('never');
  });

  it('leaves task by task, but for those whose worker may come back', async () => {
    const stage = await ExchangeStage.create();
    const { exchange, worker, attempt, result } = await worked(stage);
    await exchange.offer('r1', await stage.head());
    await published(worker, refs.attempt(attempt), result);
    await published(worker, refs.unfinished(attempt), result);
    await published(worker, refs.log('r1', '1/1/stdout'), result);
    await published(worker, refs.attempt(attemptOf('2')), result);
    await published(worker, refs.attempt(attemptOf('3', 2)), result);
    await exchange.giveUp(attemptOf('3'));
    const asked: string[] = [];
    await exchange.prune('r1', async (task) => {
      asked.push(task);
      return task === '2' ? 'open' : 'over';
    });
    expect(asked.sort()).toEqual(['1', '2']);
    const base = await stage.head();
    const left = [refs.base(base), ...[attemptOf('2'), attemptOf('3'), attemptOf('3', 2)].map(refs.attempt)];
    expect(Object.keys(await stage.remoteRefs()).sort()).toEqual(left.sort());
    expect(
      await stage.project.lines(['for-each-ref', '--format=%(objectname)', 'refs/pwt/r1/snapshots']),
    ).toEqual([result]);
    expect(await exchange.unreleased()).toEqual(['r1']);
    await exchange.release('r1');
    expect(await exchange.unreleased()).toEqual([]);
  });

  it('leaves without being taken where the work is safe, unless an attempt was given up', async () => {
    const stage = await ExchangeStage.create();
    const { exchange, worker, attempt, result } = await worked(stage);
    const snapshots = () =>
      stage.project.lines(['for-each-ref', '--format=%(refname)', 'refs/pwt/r1/snapshots']);
    await published(worker, refs.attempt(attempt), result);
    await exchange.prune('r1', async () => 'safe');
    const base = await stage.head();
    expect([await stage.remoteRefs(), await snapshots()]).toEqual([{ [refs.base(base)]: base }, []]);
    await published(worker, refs.attempt(attempt), result);
    await published(worker, refs.attempt(attemptOf('2')), result);
    await exchange.giveUp(attemptOf('2', 2));
    await exchange.release('r1', async () => 'safe');
    expect([await stage.remoteRefs(), await snapshots()]).toEqual([{}, ['refs/pwt/r1/snapshots/2/1']]);
  });

  it('keeps what is no work of pwt where it is, names it, and removes the rest', async () => {
    const stage = await ExchangeStage.create();
    const { exchange, worker, attempt, result } = await worked(stage);
    await published(worker, refs.attempt(attempt), result);
    const bare = stage.plain(stage.remote);
    const blob = await bare.text(['hash-object', '-w', '--stdin'], { input: 'no commit' });
    const evil = refs.late(attempt, 'evil');
    await bare.run(['update-ref', evil, blob]);
    await expect(exchange.release('r1')).rejects.toMatchObject({
      code: 'PWT_EXCHANGE_UNSOUND',
      message: expect.stringContaining(evil),
    });
    expect(await stage.remoteRefs()).toEqual({ [evil]: blob });
    expect(await stage.project.text(['for-each-ref', '--format=%(objectname)', 'refs/pwt/'])).toBe(result);
  });

  it('keeps everything where its work can not be fetched', async () => {
    const stage = await ExchangeStage.create();
    const { exchange, worker, attempt, result } = await worked(stage);
    await published(worker, refs.attempt(attempt), result);
    const before = await stage.remoteRefs();
    rmSync(join(stage.remote, 'objects'), { recursive: true });
    await expect(exchange.release('r1')).rejects.toThrow();
    const bare = stage.plain(stage.remote);
    expect(before).toHaveProperty([refs.attempt(attempt)]);
    expect((await bare.run(['rev-parse', '--git-dir'], { okExitCodes: [0, 128] })).exitCode).toBe(128);
  });
});

describe('what others may have put there', () => {
  it('is no commit: it is not taken, and no ref is made', async () => {
    const stage = await ExchangeStage.create();
    const exchange = await stage.exchange();
    const base = await stage.head();
    await exchange.offer('r1', base);
    const bare = stage.plain(stage.remote);
    const tree = await bare.text(['rev-parse', `${base}^{tree}`]);
    const tag = await bare.text(['mktag'], {
      input: `object ${base}\ntype commit\ntag v1\ntagger A <a@b> 1 +0000\n\nx\n`,
    });
    for (const id of [tree, tag]) {
      const ref = refs.attempt(attemptOf('1'));
      await bare.run(['update-ref', ref, id]);
      const taken = exchange.take({ ref, commit: id, into: 'refs/pwt/r1/results/1/1' });
      await expect(taken).rejects.toMatchObject({ code: 'PWT_EXCHANGE_UNSOUND' });
    }
    expect(await stage.project.text(['for-each-ref', 'refs/pwt/r1/results'])).toBe('');
  });

  it('is the result of another attempt, or says nothing that a worker could have written', async () => {
    const stage = await ExchangeStage.create();
    const { exchange, worker, attempt, result, workspace } = await worked(stage);
    const ref = refs.attempt(attempt);
    await worker.mirror.publish(ref, result, 'create');
    await exchange.take({ ref, commit: result, into: 'refs/pwt/r1/results/1/1' });
    const unsound = { code: 'PWT_EXCHANGE_UNSOUND' };
    await expect(exchange.exitOf(attemptOf('1', 2), result)).rejects.toMatchObject(unsound);
    await expect(exchange.exitOf(attemptOf('2'), result)).rejects.toMatchObject(unsound);
    await expect(exchange.exitOf(attempt, await stage.head())).rejects.toMatchObject(unsound);
    await expect(exchange.exitOf(attempt, '1'.repeat(40))).rejects.toMatchObject(unsound);
    const unfinished = (await commitWork(worker, { workspace, attempt })) ?? '';
    await exchange
      .take({ ref: refs.unfinished(attempt), commit: unfinished, into: 'refs/pwt/r1/x/1' })
      .catch(() => 0);
    await expect(exchange.exitOf(attempt, unfinished)).rejects.toMatchObject(unsound);
  });

  it('are late refs of names that no worker has', async () => {
    const stage = await ExchangeStage.create();
    const { exchange, base } = await worked(stage);
    const bare = stage.plain(stage.remote);
    for (const name of ['1/0/w', '1/x/w', '1/1', '1/1/w/w', '..x/1/w', '1/1/-w', '1/1/\u202ew'])
      await bare.run(['update-ref', `refs/pwt/late/r1/${name}`, base], { okExitCodes: [0, 128] });
    expect(await exchange.lateOf('r1')).toEqual([]);
  });

  it('is never a request: runs, tasks and refs that are none are refused before git sees them', async () => {
    const stage = await ExchangeStage.create();
    const exchange = await stage.exchange();
    const base = await stage.head();
    const bad = { code: 'PWT_BAD_REF_NAME' };
    const evil = ['..', '../../heads', 'a b', '-x', '', 'a\n', '*', 'x:refs/heads/main'];
    for (const name of evil) {
      await expect(exchange.giveUp({ ...attemptOf('1'), taskId: name })).rejects.toMatchObject(bad);
      await expect(exchange.release(name)).rejects.toMatchObject(bad);
      await expect(exchange.offer(name, base)).rejects.toMatchObject(bad);
      await expect(exchange.unfinished({ ...attemptOf('1'), runId: name })).rejects.toMatchObject(bad);
      await expect(exchange.lateOf(name)).rejects.toMatchObject(bad);
      await expect(exchange.take({ ref: refs.base(base), commit: base, into: name })).rejects.toMatchObject(
        bad,
      );
    }
    expect(await stage.remoteRefs()).toEqual({});
  });
});

describe('the remote', () => {
  it('is a name of the project, where pushes go, or an address', async () => {
    const stage = await ExchangeStage.create();
    await stage.project.run(['remote', 'add', 'fork', join(stage.folder, 'nowhere')]);
    await stage.project.run(['remote', 'set-url', '--push', 'fork', stage.remote]);
    for (const remote of ['origin', 'fork', stage.remote, `file://${stage.remote}`])
      await (await stage.exchange({ remote })).check();
    expect(await stage.remoteRefs()).toEqual({});
  });

  it.each([
    ['nobody', 'PWT_REMOTE_UNKNOWN'],
    ['--upload-pack=x', 'PWT_REMOTE_UNKNOWN'],
    ['', 'PWT_REMOTE_UNKNOWN'],
    ['git://host/x.git', 'PWT_EXCHANGE_UNSAFE'],
    ['ext::sh -c id', 'PWT_EXCHANGE_UNSAFE'],
    ['/nowhere/at/all', 'PWT_EXCHANGE_UNREACHABLE'],
  ])('%j is refused as %s', async (remote, code) => {
    const stage = await ExchangeStage.create();
    await expect((await stage.exchange({ remote })).check()).rejects.toMatchObject({ code });
  });
});

import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attemptOf, ExchangeStage, write } from '../../../test/exchange-stage.js';
import { refs } from '../../exchange/refs.js';
import { GitMirror } from './git-mirror.js';

async function ready(format: 'sha1' | 'sha256' = 'sha1') {
  const stage = await ExchangeStage.create({ a: 'a\n' }, { format });
  const base = await stage.head();
  const exchange = await stage.exchange();
  await exchange.offer('r1', base);
  const folder = join(stage.folder, 'worker-1');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'repository.git');
  const options = { git: stage.plain(folder), address: stage.remote, path, doors: join(folder, 'doors') };
  return { stage, base, exchange, folder, path, options, open: () => GitMirror.open(options) };
}

describe('a mirror', () => {
  it('is made by one of several that want it at once, and used by all of them', async () => {
    const { base, folder, open, stage } = await ready();
    const mirrors = await Promise.all([1, 2, 3, 4].map(() => open()));
    await Promise.all(mirrors.map((mirror) => mirror.fetch(refs.base(base), base)));
    for (const mirror of mirrors) expect(await mirror.git.text(['show', `${base}:a`])).toBe('a');
    expect(readdirSync(folder).sort()).toEqual(['doors', 'repository.git']);
    expect(await stage.plain(join(folder, 'repository.git')).text(['fsck', '--no-dangling'])).toBe('');
  });

  it('has the commit that was asked for, and no branch or tag of the remote', async () => {
    const { stage, base, open } = await ready();
    await stage.project.run(['tag', 'v1']);
    await stage.project.run(['push', '--quiet', '--tags', 'origin', 'main']);
    const mirror = await open();
    await mirror.fetch(refs.base(base), base);
    expect(await mirror.git.lines(['for-each-ref', '--format=%(refname)'])).toEqual([refs.base(base)]);
  });

  it('is completed where a disk that was full has left a half of it', async () => {
    const { base, path, folder, open } = await ready();
    for (const half of [[], ['objects'], ['objects', 'refs', 'HEAD', 'config']]) {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
      for (const name of half) {
        if (/[a-z]s$/.test(name)) mkdirSync(join(path, name));
        else writeFileSync(join(path, name), name === 'HEAD' ? 'ref: refs/heads/none\n' : '');
      }
      const mirror = await open();
      await mirror.fetch(refs.base(base), base);
      expect(await mirror.git.text(['cat-file', '-t', base])).toBe('commit');
      expect(readFileSync(join(path, 'config'), 'utf8')).toContain('auto = 0');
    }
    expect(readdirSync(folder).sort()).toEqual(['doors', 'repository.git']);
  });

  it('takes nothing from its configuration, where an agent can write', async () => {
    const { stage, base, path, folder, open } = await ready();
    await open();
    const canary = join(folder, 'canary');
    appendFileSync(
      join(path, 'config'),
      `[core]\n\tsshCommand = touch ${canary}\n\thooksPath = ${folder}/hooks\n[url "ext::sh -c 'touch ${canary}' "]\n\tinsteadOf = ${stage.remote}\n[filter "x"]\n\tsmudge = touch ${canary}\n[include]\n\tpath = ${folder}/more\n`,
    );
    writeFileSync(join(folder, 'more'), `[uploadpack]\n\tpackObjectsHook = touch ${canary}\n`);
    const mirror = await open();
    await mirror.fetch(refs.base(base), base);
    await mirror.publish(refs.attempt(attemptOf('1')), base, 'create');
    expect(existsSync(canary)).toBe(false);
  });

  it('is of the format of the remote, and refused where that has changed', async () => {
    const { base, open, options, stage } = await ready('sha256');
    const mirror = await open();
    await mirror.fetch(refs.base(base), base);
    expect(base).toHaveLength(64);
    const other = await ready('sha1');
    await expect(
      GitMirror.open({ ...options, address: other.stage.remote, format: 'sha1' }),
    ).rejects.toMatchObject({ code: 'PWT_EXCHANGE_UNSOUND' });
    expect(stage.format).toBe('sha256');
  });

  it.each(['git://host/x', 'ext::sh -c id', '--upload-pack=x'])('of %j is refused', async (address) => {
    const { options } = await ready();
    await expect(GitMirror.open({ ...options, address })).rejects.toMatchObject({
      code: 'PWT_EXCHANGE_UNSAFE',
    });
  });

  it('of a remote that is not there says so', async () => {
    const { options, stage, path } = await ready();
    const opened = GitMirror.open({ ...options, address: join(stage.folder, 'nowhere') });
    await expect(opened).rejects.toMatchObject({ code: 'PWT_EXCHANGE_UNREACHABLE' });
    expect(existsSync(path)).toBe(false);
  });
});

describe('a commit', () => {
  it('that the remote does not have is missing by its id, and is got once it is offered again', async () => {
    const { stage, exchange, base, open } = await ready();
    const mirror = await open();
    const next = await stage.commit({ b: 'b\n' });
    const fetch = () => mirror.fetch(refs.base(next), next);
    await expect(fetch()).rejects.toMatchObject({ code: 'PWT_EXCHANGE_MISSING', data: { commit: next } });
    await exchange.offer('r1', next, true);
    await fetch();
    expect(await mirror.git.text(['merge-base', base, next])).toBe(base);
  });

  it('that is here is not asked for: not by its ref, and not where another one contains it', async () => {
    const { stage, exchange, base, open } = await ready();
    const mirror = await open();
    const next = await stage.commit({ b: 'b\n' });
    await exchange.offer('r1', next);
    await mirror.fetch(refs.base(next), next);
    rmSync(stage.remote, { recursive: true });
    await mirror.fetch(refs.base(next), next);
    await mirror.fetch(refs.base(base), base);
    expect(await mirror.git.text(['rev-parse', refs.base(base)])).toBe(base);
  });
});

it('forgets the refs of a run, and bases that others contain', async () => {
  const { stage, exchange, base, open } = await ready();
  const mirror = await open();
  const next = await stage.commit({ b: 'b\n' });
  await exchange.offer('r1', next);
  for (const commit of [base, next]) await mirror.fetch(refs.base(commit), commit);
  await mirror.publish(refs.attempt(attemptOf('1')), base, 'create');
  await mirror.publish('refs/pwt/attempts/r10/1/1', base, 'create');
  await mirror.forget('r1');
  expect(await mirror.git.lines(['for-each-ref', '--format=%(refname)'])).toEqual([
    'refs/pwt/attempts/r10/1/1',
    refs.base(next),
  ]);
  expect(await stage.remoteRefs()).toHaveProperty([refs.attempt(attemptOf('1'))]);
});

it('packs thousands of loose objects at the end of a run, and says if it can not', async () => {
  const { base, options } = await ready();
  const warnings: string[] = [];
  const mirror = await GitMirror.open({ ...options, warn: (text) => warnings.push(text) });
  await mirror.fetch(refs.base(base), base);
  // Git looks into one folder of 256, and takes the others to be as full.
  const contents = Array.from({ length: 20_000 }, (_, number) => String(number));
  const inFolder = contents.filter((text) => blobId(text).startsWith('17')).slice(0, 40);
  for (const input of inFolder) await mirror.git.run(['hash-object', '-w', '--stdin'], { input });
  const input = inFolder.map((text) => `100644 blob ${blobId(text)}\t${text}\n`).join('');
  const tree = await mirror.git.text(['mktree'], { input });
  const commit = await mirror.git.text(['commit-tree', tree, '-m', 'many']);
  await mirror.publish('refs/pwt/asked/r2/1/1', commit, 'replace');
  const loose = () => readdirSync(join(options.path, 'objects/17')).length;
  expect(loose()).toBe(40);
  const lock = join(mirror.git.place?.mirror ?? '', 'gc.pid');
  writeFileSync(lock, `${process.pid} ${hostname()}`);
  await mirror.forget('r1');
  expect([loose(), warnings.length]).toEqual([40, 0]);
  rmSync(lock);
  chmodSync(join(options.path, 'objects/pack'), 0o555);
  await mirror.forget('r1');
  if (process.getuid?.() !== 0) expect(warnings[0]).toContain('was not packed');
  chmodSync(join(options.path, 'objects/pack'), 0o755);
  await mirror.forget('r1');
  expect(existsSync(join(options.path, 'objects/17')) ? loose() : 0).toBe(0);
  expect(await mirror.git.text(['cat-file', '-t', commit])).toBe('commit');
});

function blobId(text: string): string {
  return createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
}

describe('a log', () => {
  const ref = refs.log('r1', '1.1.stdout');

  it.each([
    ['nothing', ''],
    ['a little', 'one\ntwo \u0007 ü\n'],
    ['64 KiB', 'x'.repeat(64 * 1024)],
    ['more', `${'line\n'.repeat(100_000)}end ü`],
  ])('of %s comes whole', async (_, text) => {
    const { exchange, open, folder, stage } = await ready();
    const mirror = await open();
    const file = join(folder, 'log');
    writeFileSync(file, text);
    const shipment = await mirror.ship(file, ref);
    expect(shipment.kind).toBe(text.length > 64 * 1024 ? 'commit' : 'inline');
    expect(await exchange.open(shipment)).toBe(text);
    expect(await mirror.ship(file, ref)).toEqual(shipment);
    expect((await stage.project.lines(['for-each-ref', 'refs/pwt/logs'])).length).toBe(0);
  });

  it('that was never written is empty, and one of another name is not read', async () => {
    const { exchange, open, folder, base } = await ready();
    const mirror = await open();
    expect(await mirror.ship(join(folder, 'nothing'), ref)).toEqual({ kind: 'inline', text: '' });
    await mirror.fetch(refs.base(base), base);
    await mirror.publish(ref, base, 'replace');
    for (const path of ['a', '../a', '', 'file'])
      await expect(exchange.open({ kind: 'commit', ref, commit: base, path })).rejects.toMatchObject({
        code: 'PWT_EXCHANGE_UNSOUND',
      });
  });
});

it('only the operator of the worker can read a mirror', async () => {
  const { folder, open, stage } = await ready();
  await open();
  write(folder, {});
  expect(statSync(join(folder, 'doors')).mode & 0o077).toBe(0);
  expect(stage.remote).toBeTruthy();
});

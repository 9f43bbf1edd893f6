import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultTimings } from '../../protocol/timings.js';
import { readArguments, type WorkerDefaults } from './arguments.js';
import { flags, helpText } from './flags.js';
import { wordsOf } from './words.js';

const place = { cwd: '/anna', env: { PWT_REDIS_PASSWORD: 'secret' } };
const least = ['--redis', 'redis://h', '--remote', 'git@h:team/app.git', '--allow-agent', 'claude'];

async function settingsOf(argv: readonly string[], defaults?: WorkerDefaults) {
  const read = await readArguments(argv, place, defaults);
  if (read.kind !== 'settings') throw new Error(read.kind);
  return read.settings;
}

describe('what a worker is started with', () => {
  it('has defaults for most', async () => {
    expect(await settingsOf(least)).toMatchObject({
      redis: { url: 'redis://h', password: 'secret' },
      queue: 'pwt',
      remotes: [{ name: 'app', address: 'git@h:team/app.git' }],
      allowed: { agents: ['claude'], gates: [], setups: [] },
      gateSlots: 1,
      maxCpuPercent: 80,
      minDiskBytes: 1024 ** 3,
      sandbox: 'off',
      timings: defaultTimings,
    });
  });

  it('is read from every flag', async () => {
    const more = [
      ...[
        '--username',
        'anna',
        '--ca',
        'ca.pem',
        '--queue',
        'q',
        '--remote',
        'lib=../lib.git',
        '--name',
        'w-1',
      ],
      ...['--label', 'gpu=1', '--label', 'os=linux=5', '--allow-gate', 'npm test', '--allow-setup', 'npm ci'],
      ...['--max-instances', '3', '--gate-slots', '2', '--max-cpu', '70', '--max-memory', '60'],
      ...['--min-disk', '1.5 GB', '--state', 's', '--sandbox', 'required'],
      ...['--heartbeat', '0.5', '--lock', '9', '--snapshot', '60'],
    ];
    expect(await settingsOf([...least, ...more])).toMatchObject({
      redis: { username: 'anna', ca: '/anna/ca.pem' },
      queue: 'q',
      remotes: [{ name: 'app' }, { name: 'lib', address: '/lib.git' }],
      name: 'w-1',
      labels: { gpu: '1', os: 'linux=5' },
      allowed: { gates: ['npm test'], setups: ['npm ci'] },
      ...{ maxInstances: 3, gateSlots: 2, maxCpuPercent: 70, maxMemoryPercent: 60 },
      ...{ minDiskBytes: 1.5 * 1024 ** 3, state: 's', sandbox: 'required' },
      timings: { presenceMs: 500, pollMs: 500, progressMs: 500, lockMs: 9000, snapshotMs: 60_000 },
    });
  });

  it('comes from the configuration of the project for what no flag says', async () => {
    const redis = { url: 'rediss://c', username: 'u', password: 'p' };
    const defaults = {
      redis,
      queue: 'c',
      remotes: [{ name: 'app', address: '/r' }],
      labels: { a: '1', b: '1' },
    };
    const read = await settingsOf(['--allow-agent', 'claude', '--label', 'b=2', '--queue', 'f'], defaults);
    expect(read).toMatchObject({ queue: 'f', remotes: defaults.remotes, labels: { a: '1', b: '2' } });
    const passwordEnv = 'PWT_REDIS_PASSWORD';
    expect(read.redis).toEqual({ ...redis, password: 'secret', passwordEnv });
    const other = await settingsOf(['--allow-agent', 'claude', '--redis', 'redis://f'], defaults);
    expect(other.redis).toEqual({ url: 'redis://f', password: 'secret', passwordEnv });
  });

  it.each([
    ['claude', 'claude'],
    ['my-agent --flag "two words"', { command: ['my-agent', '--flag', 'two words'] }],
    ['["a", "b c"]', { command: ['a', 'b c'] }],
    ['{"preset": "claude", "args": ["-x"]}', { preset: 'claude', args: ['-x'] }],
  ])('allows the agent %s', async (text, agent) => {
    expect((await settingsOf([...least, '--allow-agent', text])).allowed.agents).toEqual(['claude', agent]);
  });

  it('allows what a file says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pwt-allow-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'allow.json');
    writeFileSync(file, '{"agents": ["codex", {"command": ["x"]}], "gates": ["make"]}');
    const { allowed } = await settingsOf([...least, '--allow-file', file]);
    expect(allowed).toEqual({ agents: ['codex', { command: ['x'] }, 'claude'], gates: ['make'], setups: [] });
    writeFileSync(file, '{"commands": []}');
    await expect(settingsOf([...least, '--allow-file', file])).rejects.toThrow(/allow\.json/);
  });

  it.each([
    [[], /nothing: no agent and no gate is allowed/],
    [['--allow-agent', 'claude'], /--remote is missing|--redis is missing/],
    [least.slice(2), /--redis is missing/],
    [[...least, '--colour'], /colour/],
    [[...least, 'word'], /word/],
    [[...least, '--redis', 'http://h'], /redis:/],
    [[...least, '--redis', 'redis://:pw@h'], /must not have a password/],
    [[...least, '--queue', '../q'], /--queue/],
    [[...least, '--name', 'a:b'], /--name/],
    [[...least, '--remote', 'https://h/~'], /--remote/],
    [[...least, '--remote', 'https://other/app'], /two repositories are called app/],
    [[...least, '--label', 'gpu'], /--label/],
    [[...least, '--max-instances', '0'], /--max-instances/],
    [[...least, '--max-instances', '1.5'], /--max-instances/],
    [[...least, '--max-cpu', ''], /--max-cpu/],
    [[...least, '--min-disk', 'much'], /--min-disk/],
    [[...least, '--sandbox', 'on'], /--sandbox/],
    [[...least, '--allow-agent', 'x "y'], /no command line/],
    [[...least, '--allow-agent', '{"preset"}'], /--allow-agent/],
    [[...least, '--allow-file', '/nonexistent'], /--allow-file/],
  ])('is refused: %j', async (argv, message) => {
    await expect(settingsOf(argv)).rejects.toMatchObject({
      code: expect.stringMatching(/^PWT_(USAGE|PLUGIN_OPTIONS)$/),
      message: expect.stringMatching(message),
    });
  });

  it('may be a question', async () => {
    expect(await readArguments(['--help'], place)).toEqual({ kind: 'help' });
    expect(await readArguments(['--version'], place)).toEqual({ kind: 'version' });
    for (const name of Object.keys(flags)) expect(helpText('pwt-worker')).toContain(`--${name}`);
    expect(
      Math.max(
        ...helpText('pwt-worker')
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThan(125);
  });
});

describe('the words of a command line', () => {
  it.each([
    ['a  b', ['a', 'b']],
    [`a 'b "c"' "d 'e'"`, ['a', 'b "c"', "d 'e'"]],
    [String.raw`a\ b '\' "\""`, ['a b', '\\', '"']],
    [`'' ""`, ['', '']],
    ['$HOME `x` *', ['$HOME', '`x`', '*']],
    [' ', []],
    ['"a', undefined],
  ])('of %s', (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });
});

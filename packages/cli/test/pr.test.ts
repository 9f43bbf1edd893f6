import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

/** Records its arguments and its standard input, one JSON line for each call, and answers as the forge would. */
const fakeForge = (log: string, open: string) => `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const args = process.argv.slice(2);
const isCreate = args[1] === 'create';
const stdin = isCreate && args.includes('--body-file=-') ? readFileSync(0, 'utf8') : '';
appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, stdin, cwd: process.cwd() }) + '\\n');
console.log(isCreate ? 'Creating…\\nhttps://forge.test/pull/7' : ${JSON.stringify(open)});
`;

interface Call {
  readonly args: readonly string[];
  readonly stdin: string;
}

/** Two ready tasks, a remote, and a program that stands for the user's own. */
async function proposed(
  name: 'gh' | 'glab',
  files: Record<string, string>,
  open = '[]',
): Promise<() => Promise<Call[]>> {
  bench = await Workbench.create(program, files);
  const { parent } = bench.repository;
  const bin = join(parent, 'bin');
  const log = join(parent, 'calls.jsonl');
  await mkdir(bin);
  await writeFile(join(bin, name), fakeForge(log, open));
  await chmod(join(bin, name), 0o755);
  bench.prependPath(bin);
  await bench.repository.git('init', '--quiet', '--bare', join(parent, 'remote.git'));
  await bench.repository.git('remote', 'add', 'origin', join(parent, 'remote.git'));
  await bench.run(['--review', '--gate', 'true', '--max-instances', '1']);
  return async () => {
    const text = await readFile(log, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Call);
  };
}

const remote = (...args: readonly string[]) =>
  bench.repository.git('--git-dir', join(bench.repository.parent, 'remote.git'), ...args);

const plain = {
  ...spec(1, 'one.txt', '@write one.txt one'),
  ...spec(2, 'two.txt', 'Depends on: 1', '@write two.txt two'),
};

describe('pwt pr', () => {
  it('pushes each task as it would land, and opens one pull request for it with the own gh', async () => {
    const calls = await proposed('gh', plain);
    expect(await bench.pwt(['pr', '2'])).toMatchObject({ exitCode: 0 });
    const [list, create, ...more] = await calls();
    expect(list?.args).toEqual([
      ...['pr', 'list', '--head=feature/us-002', '--base=main', '--state=open'],
      ...['--json=url', '--limit=1'],
    ]);
    expect(create?.args).toEqual([
      ...['pr', 'create', '--head=feature/us-002', '--base=main', '--title=Task 2', '--body-file=-'],
    ]);
    expect(more).toEqual([]);
    for (const said of ['specs/SPEC-2', '@write two.txt two', 'added    two.txt', 'The gate is green on'])
      expect(create?.stdin).toContain(said);
    const branch = (await remote('rev-parse', 'feature/us-002')).trim();
    expect(create?.stdin).toContain(branch.slice(0, 12));
    const names = (await remote('ls-tree', '--name-only', branch)).split('\n');
    expect(names).toEqual(expect.arrayContaining(['one.txt', 'two.txt']));
    // Nothing has landed, and only this branch was pushed.
    expect(await bench.repository.filesOf('main')).not.toHaveProperty('two.txt');
    expect((await remote('for-each-ref', '--format=%(refname)')).trim()).toBe('refs/heads/feature/us-002');

    // The same again does nothing.
    expect((await bench.pwt(['pr', '2'])).stdout).toContain('2 (with 1, on which it depends) unchanged');
    expect(await calls()).toHaveLength(2);
  });

  it('opens one for all, finds one that is open, and updates it when the work has changed', async () => {
    const calls = await proposed('gh', plain, '[{"url":"https://forge.test/pull/3"}]');
    expect((await bench.pwt(['pr', '--one'])).stdout).toContain('1, 2 opened: https://forge.test/pull/3');
    expect(await calls()).toHaveLength(1);
    const reason = 'other words\n@write one.txt better';
    await bench.pwt(['reject', '1', '-m', reason, '--max-cpu-percent', '100']);
    expect((await bench.pwt(['pr', '--one'])).stdout).toContain('1, 2 updated: https://forge.test/pull/3');
    const [name = ''] = (await remote('for-each-ref', '--format=%(refname)')).trim().split('\n');
    expect((await remote('show', `${name}:one.txt`)).trim()).toBe('better');
  });

  it('takes hostile titles, specs and file names as data', async () => {
    const title = '--repo=evil/x $(touch owned); "q" \'s\' @team closes #1 \u001b[31m';
    const text = spec(1, 'one.txt', '@write one.txt one', '````', '@everyone <script> closes #2', '````');
    const [file = ''] = Object.keys(text);
    const hostile = { [file]: (text[file] ?? '').replace('Task 1', title) };
    const calls = await proposed('gh', hostile);
    expect(await bench.pwt(['pr', '--draft'])).toMatchObject({ exitCode: 0 });
    const create = (await calls())[1];
    expect(create?.args).toHaveLength(7);
    expect(create?.args[4]).toBe('--title=--repo=evil/x $(touch owned); "q" \'s\' @team closes #1 [31m');
    expect(create?.args[6]).toBe('--draft');
    // All of it stands in a block that it can't end.
    const body = create?.stdin ?? '';
    const block = /\n(`{5,})markdown\n([\s\S]*?)\n\1\n/.exec(body);
    expect(block?.[2]).toContain('@everyone <script> closes #2');
    expect(body.replace(block?.[0] ?? '', '')).not.toContain('@everyone');
    expect(body).not.toContain('\u001b');
    await expect(readFile(join(bench.repository.path, 'owned'))).rejects.toThrow();
  });

  it('calls glab with its own flags where the user has that', async () => {
    const calls = await proposed('glab', plain);
    expect(await bench.pwt(['pr', '1', '--forge', 'glab'])).toMatchObject({ exitCode: 0 });
    const create = (await calls())[1];
    expect(create?.args.slice(0, 5)).toEqual([
      ...['mr', 'create', '--source-branch=feature/us-001', '--target-branch=main', '--title=Task 1'],
    ]);
    expect(create?.args[5]).toMatch(/^--description=## Task/);
    expect(create?.args.slice(6)).toEqual(['--yes']);
  });

  it('overwrites no commits of others, and says what is missing', async () => {
    const calls = await proposed('gh', plain);
    await bench.repository.git('push', '--quiet', 'origin', 'HEAD:refs/heads/feature/us-001');
    const refused = await bench.pwt(['pr', '1']);
    expect(refused).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('is not overwritten') });
    expect(await calls()).toEqual([]);
    const base = (await bench.repository.git('rev-parse', 'HEAD')).trim();
    expect((await remote('rev-parse', 'feature/us-001')).trim()).toBe(base);
    expect((await bench.pwt(['pr', '1', '--remote', 'nowhere'])).stderr).toContain('PWT_REMOTE_UNKNOWN');
    expect((await bench.pwt(['pr', '1', '--forge', 'glab'])).stderr).toContain('PWT_FORGE_NOT_FOUND');
  });

  it('proposes nothing for a task that needed no change, alone or as the only one', async () => {
    const calls = await proposed('gh', {
      'pwt.config.json': JSON.stringify({ formats: ['spec-kit'] }),
      'specs/001-a/tasks.md': '# Tasks\n\n## Phase 1\n\n- [ ] T001 Run the linter\n',
    });
    for (const one of [[], ['--one']]) {
      const outcome = await bench.pwt(['pr', 'T001', ...one]);
      expect(outcome).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^PWT_TASK_NOT_READY: /) });
    }
    expect(await calls()).toEqual([]);
    expect(await remote('for-each-ref')).toBe('');
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFormat } from '../../formats.js';
import { parsePrompt } from './parse-prompt.js';

/** A task as this format lays it out. */
const telemetry = `# Task: TP-067 - Fix the telemetry key

**Created:** 2026-03-25
**Size:** M

## Mission

TP-001 introduced a key that does not match.

## Dependencies

- **TP-065** — must be merged first (TP-002 is only related)
- **Task:** TP-003 (may be late)
- None of the others, see TP-004
- **Note:** TP-005 is in progress

## File Scope

- \`dashboard/server.cjs\`

## Steps

- [ ] Mend it like TP-004
`;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pwt-prompts-'));
  await put('tasks/TP-067-telemetry/PROMPT.md', telemetry);
  await put('tasks/TP-065-names/PROMPT.md', '# Task: TP-065 - Names\n\n## Dependencies\n\n- **None**\n');
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

describe('parsePrompt', () => {
  it('reads id, title, dependencies and size', () => {
    expect(parsePrompt(telemetry)).toEqual({
      id: 'TP-067',
      title: 'Fix the telemetry key',
      dependsOn: ['TP-065', 'TP-003'],
      estimateMs: 3 * 60 * 60 * 1000,
    });
  });

  it.each(['', '## Dependencies', 'no heading', '# Task:', `# ${'-'.repeat(100_000)}`])(
    'finds nothing in %j',
    (text) => {
      expect(parsePrompt(text)).toMatchObject({ dependsOn: [] });
      expect(parsePrompt(text).id).toBeUndefined();
    },
  );

  it.each([
    ['# KB-9: Move it', 'KB-9', 'Move it'],
    ['# Task: kb-009 – Move it', 'KB-009', 'Move it'],
    ['# Move it', undefined, 'Move it'],
  ])('understands the heading %j', (text, id, title) => {
    expect(parsePrompt(text)).toMatchObject({ ...(id ? { id } : {}), title });
  });
});

describe('the dependencies of a prompt', () => {
  it.each([
    '- **None** (TP-181 is merged already)',
    '- None',
    '**None** - all of them are merged. For context:\n\n- TP-145 (shipped): a background\n- TP-146',
  ])('are none in %j', (section) => {
    expect(parsePrompt(`# Task: TP-1 - A\n\n## Dependencies\n\n${section}\n`).dependsOn).toEqual([]);
  });
});

describe('prompt folders', () => {
  it('takes the id from the folder where the heading has none', async () => {
    await put('tasks/KB-7-thing/PROMPT.md', '# A thing\n');
    const { tasks } = await openFormat('prompt-folders', { root }).load({ ids: ['KB-7'] });
    expect(tasks).toMatchObject([
      { id: 'KB-7', title: 'A thing', specs: [{ path: 'tasks/KB-7-thing/PROMPT.md' }] },
    ]);
  });

  it('leaves out what is done, and what waited for it waits no longer', async () => {
    await put('tasks/TP-065-names/.DONE', '');
    const { tasks } = await openFormat('prompt-folders', { root }).load({});
    expect(tasks.map((task) => [task.id, task.dependsOn])).toEqual([['TP-067', ['TP-003']]]);
  });

  it.each(['more', 'tasks'])('takes up a task again whose id a finished one in %s has', async (finished) => {
    const open = finished === 'tasks' ? 'more' : 'tasks';
    await rm(join(root, 'tasks/TP-065-names'), { recursive: true });
    await put(`${finished}/TP-065-names/PROMPT.md`, '# Task: TP-065 - Names\n');
    await put(`${finished}/TP-065-names/.DONE`, '');
    await put(`${open}/TP-065-again/PROMPT.md`, '# Task: TP-065 - Names, again\n');
    const { tasks, diagnostics } = await openFormat('prompt-folders', { root }).load({});
    const found = tasks.map(({ id, title, dependsOn }) => [id, title, dependsOn]);
    expect(found.sort()).toEqual([
      ['TP-065', 'Names, again', []],
      // The work that it needs is there.
      ['TP-067', 'Fix the telemetry key', ['TP-003']],
    ]);
    expect(diagnostics).toEqual([]);
  });

  it('says of a finished task that it is finished', async () => {
    await put('tasks/TP-065-names/.DONE', '');
    const { diagnostics } = await openFormat('prompt-folders', { root }).load({ ids: ['TP-065', 'TP-999'] });
    expect(diagnostics.map(({ taskIds, hint }) => [taskIds?.[0], hint])).toEqual([
      ['TP-065', 'TP-065 is finished: tasks/TP-065-names/.DONE is there.'],
      ['TP-999', undefined],
    ]);
  });

  it('says what is wrong with a folder and uses the others', async () => {
    await put('tasks/notes/PROMPT.md', '# Notes\n');
    await put('tasks/TP-070-binary/PROMPT.md', new Uint8Array([0, 1]));
    await put('more/TP-067-again/PROMPT.md', '# Task: TP-067 - Again\n');
    const { tasks, diagnostics } = await openFormat('prompt-folders', {
      root,
      options: { folders: ['tasks', 'more'] },
    }).load({});
    expect(tasks.map((task) => task.id)).toEqual(['TP-065', 'TP-067']);
    expect(diagnostics.map((found) => `${found.code} ${found.path}`)).toEqual([
      'PWT_SPEC_BINARY tasks/TP-070-binary/PROMPT.md',
      'PWT_TASK_ID_MISSING tasks/notes/PROMPT.md',
      'PWT_TASK_ID_DUPLICATE more/TP-067-again/PROMPT.md',
    ]);
  });

  it('is at peace with a repository that has none', async () => {
    const empty = join(root, 'empty');
    await mkdir(empty);
    expect(await openFormat('prompt-folders', { root: empty }).load({})).toEqual({
      tasks: [],
      diagnostics: [],
    });
    expect(await openFormat('prompt-folders', { root, options: { folders: ['nowhere'] } }).load({})).toEqual({
      tasks: [],
      diagnostics: [],
    });
  });

  it('understands ids in small letters', () => {
    expect(openFormat('prompt-folders', { root }).normaliseId?.('tp-067')).toBe('TP-067');
  });
});

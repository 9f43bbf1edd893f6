import { describe, expect, it } from 'vitest';
import { MemoryFiles, ROOT } from '../../../test/memory-files.js';
import { openFormat } from '../../formats.js';

function source(files: Readonly<Record<string, string>>, options?: object) {
  return openFormat('json-tasks', { root: ROOT, fs: new MemoryFiles(files), options });
}

describe('a list of tasks in JSON', () => {
  it('has declared claims, by what is done to the files', async () => {
    const files = { write: ['./src/a.ts'], create: ['src/b.ts'], read: ['docs/**'], delete: ['old.txt'] };
    const { tasks } = await source({ 'pwt.tasks.json': JSON.stringify([{ id: 1, title: 'A', files }]) }).load(
      {},
    );
    const place = { path: 'pwt.tasks.json', line: 1 };
    const claim = { class: 'exclusive', confidence: 'declared', place };
    expect(tasks[0]?.declared).toMatchObject([
      { ...claim, pattern: 'src/a.ts', mode: 'write' },
      { ...claim, pattern: 'src/b.ts', mode: 'create' },
      { ...claim, pattern: 'docs/**', mode: 'read' },
      { ...claim, pattern: 'old.txt', mode: 'delete' },
    ]);
  });

  it.each(['runsOn', 'runs-on'])('asks for labels of a machine by %s', async (key) => {
    const entries = [
      { id: 1, title: 'A', [key]: { gpu: 1, os: 'linux' } },
      { id: 2, title: 'B', [key]: 'linux' },
    ];
    const { tasks, diagnostics } = await source({ 'pwt.tasks.json': JSON.stringify(entries, null, 1) }).load(
      {},
    );
    expect(tasks.map(({ runsOn }) => runsOn)).toEqual([{ gpu: '1', os: 'linux' }, undefined]);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_RUNS_ON_INVALID', path: 'pwt.tasks.json', line: 10, taskIds: ['2'] },
    ]);
  });

  it('may be a JSONL file of any name, of which a line is marked', async () => {
    const path = 'plan/work.jsonl';
    const text =
      '{"id":"a","title":"A"}\n\n{"id":"b","text":"First line\\nmore","status":"open","dependsOn":["a"],"estimate":1.5}\n';
    const given = source({ [path]: text }, { file: path });
    const { tasks, diagnostics } = await given.load({});
    expect(diagnostics).toEqual([]);
    expect(tasks).toMatchObject([
      { id: 'a', title: 'A' },
      { id: 'b', title: 'First line', dependsOn: ['a'], estimateMs: 5_400_000, specs: [{ firstLine: 3 }] },
    ]);
    const [first, second] = tasks;
    if (!first || !second) throw new Error('no tasks');
    const read = async () => text;
    expect(await given.markDone?.({ task: first, read })).toEqual([
      { path, text: text.replace('"A"}', '"A","done":true}') },
    ]);
    expect(await given.markDone?.({ task: second, read })).toEqual([
      { path, text: text.replace('"open"', '"done"') },
    ]);
  });

  it.each([
    ['[\n  { "id": 1, "title": "A" }\n  { "id": 2 }\n]', 3, 'error', 'comma expected'],
    ['{ "todo": [] }', 1, 'error', 'has no list of tasks'],
    ['[\n  { "title": "A" }\n]', 2, 'warning', 'needs an "id"'],
    ['[\n\n  "A"\n]', 3, 'warning', 'is no task'],
    ['[{ "id": "a b", "title": "A" }]', 1, 'warning', '"a b"'],
    ['[{ "id": "a", "title": "A", "dependson": ["b"] }]', 1, 'warning', 'has a key "dependson"'],
    [
      '[{ "id": "a", "title": "A", "dependsOn": "b" }]',
      1,
      'warning',
      'has a wrong "dependsOn": it has to be a list of ids',
    ],
    ['[{ "id": "a", "title": "A", "files": ["x"] }]', 1, 'warning', 'has a wrong "files"'],
    ['[{ "id": "a", "title": "A", "files": { "write": ["../x"] } }]', 1, 'warning', ''],
  ])('that is wrong is said with its line: %j', async (text, line, severity, message) => {
    const { diagnostics } = await source({ 'pwt.tasks.json': text }).load({});
    expect(diagnostics).toMatchObject([{ severity, path: 'pwt.tasks.json', line }]);
    expect(diagnostics[0]?.message).toContain(message);
  });
});

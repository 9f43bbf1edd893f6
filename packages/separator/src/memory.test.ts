import type { Task } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { fingerprintOfTask, type Memory } from './memory.js';
import { RegexSpecSeparator } from './regex-spec-separator.js';
import { defaultRules } from './rules/table.js';
import { buildTasks } from './tasks/build-tasks.js';
import { englishVocabulary, extendVocabulary } from './vocabulary.js';

/** Keeps results as a file would, as JSON, and lists what had to be worked out. */
class Recorder implements Memory {
  readonly #kept = new Map<string, string>();
  made: string[] = [];

  recall<T>(kind: string, inputs: () => readonly string[], make: () => T): T {
    const key = JSON.stringify([kind, inputs()]);
    const json = this.#kept.get(key);
    if (json !== undefined) return JSON.parse(json) as T;
    const value = make();
    this.made.push(kind);
    this.#kept.set(key, JSON.stringify(value));
    return value;
  }

  /** What has been worked out since the last time. */
  take(): readonly string[] {
    const { made } = this;
    this.made = [];
    return made;
  }
}

const texts = (one: string) => [
  { path: 'specs/SPEC-1-one.md', name: 'SPEC-1-one.md', text: one },
  {
    path: 'specs/SPEC-2-two.md',
    name: 'SPEC-2-two.md',
    text: '---\nfiles: [b.ts]\n---\n# Two\n**Depends on**: 1\n',
  },
];
const one = '# One\n- Modify `src/a.ts`, which is new in `x.ts`\n';
const tree = { paths: ['lib/src/a.ts', 'x.ts'] };

function plan(memory: Memory | undefined, text = one, paths: readonly string[] = tree.paths) {
  const options = memory ? { memory } : {};
  const { tasks, diagnostics } = buildTasks(texts(text), options);
  const separation = new RegexSpecSeparator(options).separateNow({ tasks, tree: { paths } });
  return { tasks, diagnostics, separation };
}

describe('a memory', () => {
  it('changes nothing in what is said', () => {
    const memory = new Recorder();
    const plain = plan(undefined);
    expect(plan(memory)).toEqual(plain);
    expect(memory.take()).toEqual(['spec', 'spec', 'scope', 'scope']);
    expect(plan(memory)).toEqual(plain);
    expect(memory.take()).toEqual([]);
  });

  it('is not asked about texts, trees and vocabularies that it has not seen', () => {
    const memory = new Recorder();
    plan(memory);
    memory.take();
    const edited = `${one}- Create \`src/c.ts\`\n`;
    expect(plan(memory, edited)).toEqual(plan(undefined, edited));
    expect(memory.take()).toEqual(['spec', 'scope']);
    const grown = [...tree.paths, 'src/a.ts'];
    expect(plan(memory, one, grown)).toEqual(plan(undefined, one, grown));
    expect(memory.take()).toEqual(['scope', 'scope']);
    const { tasks } = buildTasks(texts(one));
    const vocabulary = extendVocabulary({ untouched: ['which is new'] }, englishVocabulary);
    const german = new RegexSpecSeparator({ memory, vocabulary }).separateNow({ tasks, tree });
    expect(german).toEqual(new RegexSpecSeparator({ vocabulary }).separateNow({ tasks, tree }));
    expect(memory.take()).toEqual(['scope', 'scope']);
  });

  it("is not used for other people's rules", () => {
    const memory = new Recorder();
    const { tasks } = buildTasks(texts(one));
    new RegexSpecSeparator({ memory, rules: [...defaultRules] }).separateNow({ tasks, tree });
    expect(memory.take()).toEqual([]);
  });
});

describe('the fingerprint of a task', () => {
  const task = (more: Partial<Task>): Task => ({ id: '1', title: 'One', specs: [], dependsOn: [], ...more });
  const spec = { path: 'a.md', text: 'text', hash: 'same' };

  it('tells texts apart whatever hash they carry', () => {
    const fingerprint = (text: string) => fingerprintOfTask(task({ specs: [{ ...spec, text }] }));
    expect(fingerprint('text')).toBe(fingerprint('text'));
    expect(fingerprint('text')).not.toBe(fingerprint('other'));
  });

  it.each([
    [{ id: '2' }],
    [{ specs: [{ ...spec, path: 'b.md' }] }],
    [{ specs: [{ ...spec, firstLine: 9 }] }],
    [{ declared: [{ pattern: 'a', mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'x' }] }],
  ] as readonly [Partial<Task>][])('tells %j', (more) => {
    expect(fingerprintOfTask(task({ specs: [spec], ...more }))).not.toBe(
      fingerprintOfTask(task({ specs: [spec] })),
    );
  });
});

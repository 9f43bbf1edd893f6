import type { Task } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { englishVocabulary } from './english.js';
import { extendVocabulary } from './extend-vocabulary.js';
import { RegexSpecSeparator } from './regex-spec-separator.js';
import { fingerprintOfTask, type ResultCache } from './result-cache.js';
import { defaultRules } from './rules/table.js';
import { buildTasks } from './tasks/build-tasks.js';

/** Keeps results as a file would, as JSON, and lists what had to be worked out. */
class Recorder implements ResultCache {
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

function plan(cache: ResultCache | undefined, text = one, paths: readonly string[] = tree.paths) {
  const options = cache ? { cache } : {};
  const { tasks, diagnostics } = buildTasks(texts(text), options);
  const separation = new RegexSpecSeparator(options).separateNow({ tasks, tree: { paths } });
  return { tasks, diagnostics, separation };
}

describe('a cache', () => {
  it('changes nothing in what is said', () => {
    const cache = new Recorder();
    const plain = plan(undefined);
    expect(plan(cache)).toEqual(plain);
    expect(cache.take()).toEqual(['spec', 'spec', 'scope', 'scope']);
    expect(plan(cache)).toEqual(plain);
    expect(cache.take()).toEqual([]);
  });

  it('is not asked about texts, trees and vocabularies that it has not seen', () => {
    const cache = new Recorder();
    plan(cache);
    cache.take();
    const edited = `${one}- Create \`src/c.ts\`\n`;
    expect(plan(cache, edited)).toEqual(plan(undefined, edited));
    expect(cache.take()).toEqual(['spec', 'scope']);
    const grown = [...tree.paths, 'src/a.ts'];
    expect(plan(cache, one, grown)).toEqual(plan(undefined, one, grown));
    expect(cache.take()).toEqual(['scope', 'scope']);
    const { tasks } = buildTasks(texts(one));
    const vocabulary = extendVocabulary({ untouched: ['which is new'] }, englishVocabulary);
    const german = new RegexSpecSeparator({ cache, vocabulary }).separateNow({ tasks, tree });
    expect(german).toEqual(new RegexSpecSeparator({ vocabulary }).separateNow({ tasks, tree }));
    expect(cache.take()).toEqual(['scope', 'scope']);
  });

  it("is not used for other people's rules", () => {
    const cache = new Recorder();
    const { tasks } = buildTasks(texts(one));
    new RegexSpecSeparator({ cache, rules: [...defaultRules] }).separateNow({ tasks, tree });
    expect(cache.take()).toEqual([]);
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

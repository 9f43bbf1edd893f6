import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { englishVocabulary } from './english.js';
import { extendVocabulary } from './extend-vocabulary.js';
import { RegexSpecSeparator } from './regex-spec-separator.js';
import { defaultRules } from './rules/table.js';
import { parseSpec } from './tasks/parse-spec.js';
import { findStatus } from './tasks/status.js';
import type { Vocabulary } from './vocabulary.js';

/** Finnish, and nothing else. */
const finnish: Vocabulary = {
  fileLabels: ['tiedosto'],
  fileSections: ['muutettavat tiedostot', 'poistettavat tiedostot', 'poista tiedostot'],
  readingSections: ['luettavat tiedostot'],
  readingLabels: ['lähde'],
  actionColumns: ['toimi'],
  ignoredSections: ['lähteet'],
  untouched: ['älä muuta'],
  hedges: ['tarvittaessa'],
  citations: ['kuten'],
  dependencies: ['riippuu'],
  estimates: ['arvio'],
  conjunctions: ['ja'],
  destinations: ['nimelle'],
  inside: ['tiedostosta'],
  fileWords: ['tiedosto'],
  newMarks: ['uusi'],
  taskWords: ['tehtävä'],
  titlePrefixes: ['määrittely'],
  finished: ['valmis'],
  statusLabels: ['tila'],
  metadataSections: ['tiedot'],
  doneStatuses: ['valmis'],
  unfinished: ['vielä'],
  notAwaited: ['estää'],
  ranges: ['–'],
  workingTime: ['täyttä'],
  timeUnits: { minutes: ['minuuttia'], hours: ['tuntia'], days: ['päivää'], weeks: ['viikkoa'] },
  verbs: { create: ['luo'], write: ['päivitä'], delete: ['poista'], rename: ['nimeä'], read: ['lue'] },
  participles: {
    create: ['luotu'],
    write: ['muutettu'],
    delete: ['poistettu'],
    rename: ['nimetty'],
    read: [],
  },
};

const tree = { paths: ['src/a.ts', 'src/b.ts', 'src/c.ts'] };

function claims(text: string, vocabulary: Vocabulary = finnish): readonly string[] {
  const specs = [{ path: 'specs/SPEC-1-x.md', text, hash: '' }];
  const task = { id: '1', title: 'T', specs, dependsOn: [] };
  const separation = new RegexSpecSeparator({ vocabulary }).separateNow({ tasks: [task], tree });
  const [scope] = separation.claims;
  return (scope?.claims ?? []).map(({ rule, mode, pattern }) => `${rule}: ${mode} ${pattern}`);
}

/** A text for each rule, and what it makes of it. */
const cases: Readonly<Record<string, readonly [text: string, claims: readonly string[]]>> = {
  'untouched-line': [
    '- Päivitä `src/a.ts`\n- Älä muuta `src/a.ts`\n- Päivitä `src/b.ts`',
    ['verb-item: write src/b.ts'],
  ],
  'context-section': [
    '## Luettavat tiedostot\n\n- `src/a.ts`\n\n## Lähteet\n\n- `src/c.ts`\n\n## Työ\n\nPäivitä `src/b.ts`',
    ['context-section: read src/a.ts', 'verb-item: write src/b.ts'],
  ],
  'rename-pair': [
    '- Nimeä `src/a.ts` nimelle `src/z.ts`',
    ['rename-pair: rename src/a.ts', 'rename-pair: rename src/z.ts'],
  ],
  'file-label': [
    '**Tiedosto**: `src/a.ts` ja `src/b.ts` (poistettu)',
    ['file-label: delete src/a.ts', 'file-label: delete src/b.ts'],
  ],
  'tree-diagram': ['```\nsrc\n├── a.ts\n└── z.ts (uusi)\n```', ['tree-diagram: create src/z.ts']],
  'file-table': [
    '| Tiedosto | Toimi |\n|---|---|\n| `src/a.ts` | päivitä |\n| `src/b.ts` | lue |',
    ['file-table: write src/a.ts', 'file-table: read src/b.ts'],
  ],
  'file-section': ['## Poista tiedostot\n\n- `src/a.ts`', ['file-section: delete src/a.ts']],
  'fence-head': ['```ts\n// tiedosto: src/a.ts\nx()\n```', ['fence-head: write src/a.ts']],
  'heading-path': ['## Päivitä `src/a.ts`', ['heading-path: write src/a.ts']],
  'verb-item': [
    '- Poista lippu tiedostosta `src/a.ts`\n- Päivitä `src/b.ts` kuten `src/c.ts`',
    ['verb-item: write src/a.ts', 'verb-item: write src/b.ts'],
  ],
  mentioned: ['Jotain on tehtävä: `src/a.ts`.', ['mentioned: write src/a.ts']],
};

describe('a vocabulary without a word of English', () => {
  it.each(defaultRules.map(({ name }) => name))('works for the rule %s', (name) => {
    const [text, expected] = cases[name] ?? ['', [`a case for the rule ${name}`]];
    expect(claims(`# T\n\n${text}\n`)).toEqual(expected);
  });

  it('works for hedges', () => {
    expect(claims('# T\n\n- Päivitä `src/a.ts` tarvittaessa\n- Päivitä `src/b.ts`\n')).toHaveLength(2);
  });

  it('works for titles, dependencies and estimates', () => {
    const text =
      '# Määrittely 7: Haku\n\n**Arvio**: 2 täyttä päivää\n\n## Riippuu\n\n- Tehtävä 3\n- Tehtävä 4 (valmis)\n- Estää: tehtävä 5\n- 8 ja 9\n';
    const { title, estimateMs, dependsOn } = parseSpec(text, 'specs/SPEC-7-x.md', finnish);
    expect(title).toBe('Haku');
    expect(estimateMs).toBe(2 * 8 * 3_600_000);
    expect(dependsOn.map(({ id }) => id)).toEqual(['3', '8', '9']);
  });

  it('works for the estimate of front matter', () => {
    const text = '---\nestimate: 3 tuntia\n---\n# T\n';
    expect(parseSpec(text, 'specs/SPEC-7-x.md', finnish).estimateMs).toBe(3 * 3_600_000);
  });

  it('works for a status', () => {
    expect(findStatus('# T\n\n**Tila**: valmis\n', finnish)?.done).toBe(true);
    expect(findStatus('# T\n\n**Tila**: valmis, vielä testit\n', finnish)?.done).toBe(false);
    expect(findStatus('# T\n\n**Status**: Done\n', finnish)).toBeUndefined();
  });

  it('does not read English', () => {
    const english = '# T\n\n**File**: see `src/a.ts`\n- Rename `src/b.ts` to `src/z.ts`\n';
    expect(claims(english).every((claim) => claim.startsWith('mentioned: '))).toBe(true);
    expect(parseSpec('**Estimate**: 2 days\n\n**Depends on**: SPEC-3\n', 'x', finnish)).toMatchObject({
      dependsOn: [],
    });
  });
});

describe('extendVocabulary', () => {
  it('adds words to each list, and keeps the others', () => {
    const both = extendVocabulary(finnish);
    expect(both.verbs.create).toEqual([...englishVocabulary.verbs.create, 'luo']);
    expect(both.timeUnits.days).toEqual([...englishVocabulary.timeUnits.days, 'päivää']);
    const { fileLabels, verbs } = extendVocabulary({ verbs: { read: ['lue'] } });
    expect(fileLabels).toEqual(englishVocabulary.fileLabels);
    expect(verbs.read.at(-1)).toBe('lue');
    expect(verbs.create).toEqual(englishVocabulary.verbs.create);
  });
});

/** A regular expression in the source, after something that no division follows. */
const REGEX = /(?<=[=(:,!&|?]\s*)\/(?![/*])((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+)\//g;
/** Classes, escapes, ranges, and the `x` of a ticked box. */
const NO_WORDS = /\\p\{\w+\}|\\.|A-Z|a-z|xX/g;

describe('the code that reads texts', () => {
  const files = ['rules', 'markdown', 'tasks'].flatMap((folder) =>
    readdirSync(join(import.meta.dirname, folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name}`),
  );
  /** What is the same in every language: the names of spec files and ids, and the closing mark of YAML. */
  const conventions = new Set([
    ...['tasks/spec-name.ts', 'tasks/spec-path.ts', 'tasks/front-matter.ts'],
    ...['tasks/front-matter-paths.ts', 'tasks/front-matter-status.ts'],
  ]);

  it.each(files.filter((file) => !conventions.has(file)))('has no words in %s', (file) => {
    const code = readFileSync(join(import.meta.dirname, file), 'utf8').replace(
      /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm,
      '',
    );
    const words = [...code.matchAll(REGEX)].flatMap(([, source = '']) =>
      (source.replace(NO_WORDS, ' ').match(/\p{L}{2,}/gu) ?? []).map((word) => `${word} in /${source}/`),
    );
    const spaced = code.match(/(['"`]) [a-z]+(?: [a-z]+)* \1/g) ?? [];
    expect([...words, ...spaced]).toEqual([]);
  });
});

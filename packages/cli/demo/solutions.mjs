// What the scripted agent of the demo does for each task: small but real changes, with their tests.

const lines = (...text) => `${text.join('\n')}\n`;

const testFile = (name, from, title, ...asserts) =>
  lines(
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    `import { ${name} } from '${from}';`,
    '',
    `test('${title}', () => {`,
    ...asserts.map((line) => `  ${line}`),
    '});',
  );

/** @type {Record<string, {write?: Record<string, string>, append?: Record<string, string>, fails?: string}>} */
export const solutions = {
  1: {
    write: {
      'src/sentences.js': lines(
        '/** How many sentences a text has. */',
        'export function countSentences(text) {',
        '  return text.match(/[^.!?]+[.!?]+/g)?.length ?? 0;',
        '}',
      ),
      'test/sentences.test.js': testFile(
        'countSentences',
        '../src/sentences.js',
        'counts sentences',
        "assert.equal(countSentences('Really? Yes. Good!'), 3);",
        "assert.equal(countSentences(''), 0);",
      ),
    },
  },
  2: {
    write: {
      'src/reading-time.js': lines(
        "import { countWords } from './words.js';",
        '',
        '/** How many minutes a text takes to read, at 200 words a minute. */',
        'export function readingMinutes(text) {',
        '  return Math.ceil(countWords(text) / 200);',
        '}',
      ),
      'test/reading-time.test.js': testFile(
        'readingMinutes',
        '../src/reading-time.js',
        'rounds up',
        "assert.equal(readingMinutes('word '.repeat(201)), 2);",
      ),
    },
  },
  3: {
    write: {
      'src/slug.js': lines(
        '/** A title as part of an address. */',
        'export function slugOf(title) {',
        "  const plain = title.normalize('NFKD').replace(/\\p{Mark}/gu, '').toLowerCase();",
        "  return plain.match(/[a-z0-9]+/g)?.join('-') ?? '';",
        '}',
      ),
      'test/slug.test.js': testFile(
        'slugOf',
        '../src/slug.js',
        'joins plain words',
        "assert.equal(slugOf('Crème brûlée, twice!'), 'creme-brulee-twice');",
      ),
    },
  },
  4: { append: { 'src/index.js': "export { countSentences } from './sentences.js';\n" } },
  5: {
    append: {
      'src/index.js': lines(
        '',
        "import { countLines } from './lines.js';",
        "import { countWords } from './words.js';",
        '',
        '/** Lines and words of a text. */',
        'export function summarise(text) {',
        '  return { lines: countLines(text), words: countWords(text) };',
        '}',
      ),
    },
    write: {
      'test/summary.test.js': testFile(
        'summarise',
        '../src/index.js',
        'gives lines and words',
        "assert.deepEqual(summarise('one two\\nthree'), { lines: 2, words: 3 });",
      ),
    },
  },
  6: {
    append: {
      'docs/usage.md': '\nPart of textkit.\n',
      'docs/functions.md': '\nPart of textkit.\n',
    },
  },
  7: {
    write: {
      'STATE.md': lines('# State of the project', '', 'It counts words, lines and more. See `src/`.'),
    },
  },
  8: { fails: 'I do not speak Klingon.' },
};

import { describe, expect, it } from 'vitest';
import { folderCycles } from './folder-cycles.mjs';

/** @param {string} path @param {...string} imports */
const file = (path, ...imports) => ({
  path,
  text: imports.map((name) => `import {} from '${name}';`).join('\n'),
});

describe('folderCycles', () => {
  it('finds none where imports go one way, inside a folder and out of it', () => {
    const files = [
      file('index.ts', './run/run.js'),
      file('run/run.ts', './step.js', '../log/log.js', '@pwt/core'),
      file('run/step.ts', './run.js'),
      file('log/log.ts'),
    ];
    expect(folderCycles(files)).toEqual([]);
  });

  it('names each cycle once, with a file for each arrow', () => {
    const files = [
      file('a/one.ts', '../b/two.js'),
      file('b/two.ts', '../c/three.js'),
      file('c/three.ts', '../a/one.js'),
    ];
    expect(folderCycles(files)).toEqual(['a → b (a/one.ts) → c (b/two.ts) → a (c/three.ts)']);
  });

  it('takes a folder inside another one for a part of it, and a file at the top for none', () => {
    const files = [
      file('index.ts', './a/one.js'),
      file('a/one.ts', './in/two.js', '../index.js'),
      file('a/in/two.ts', '../one.js'),
      file('ab/three.ts', '../a/one.js'),
    ];
    expect(folderCycles(files)).toEqual([]);
    expect(folderCycles([...files, file('a/four.ts', '../ab/three.js')])).toHaveLength(1);
  });

  it('sees what is imported only when it is needed', () => {
    const files = [
      file('a/one.ts', '../b/two.js'),
      { path: 'b/two.ts', text: "const lazy = () => import('../a/one.js');" },
    ];
    expect(folderCycles(files)).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { colours } from '../format/colours.js';
import { wordWrapped, wrapped } from './page.js';

const page = { colours: colours({}, false), columns: 20 };

describe('a sentence on a narrow terminal', () => {
  it('ends its lines between words, further lines indented', () => {
    expect(wordWrapped('The task changed paths outside.', 20)).toEqual([
      'The task changed',
      '  paths outside.',
    ]);
    expect(wordWrapped('It fits.', 20)).toEqual(['It fits.']);
  });

  it('stays one line where there is no terminal', () => {
    const long = 'word '.repeat(40).trim();
    expect(wordWrapped(long, undefined)).toEqual([long]);
    // Some terminals say that they have none.
    expect(wordWrapped(long, 0)).toEqual([long]);
  });

  it('keeps a word that is longer than a line whole, or cuts it where it has to fit', () => {
    const path = 'src/a/path/that/is/longer/than/a/line.ts';
    expect(wordWrapped(`See ${path} there`, 20)).toEqual(['See', `  ${path}`, '  there']);
    expect(wrapped(`See ${path}`, page)).toEqual(['See', '  src/a/path/that/i…']);
  });

  it('keeps a command together that has room on a line', () => {
    expect(wordWrapped('Not yet. Then run: pwt land 7', 22)).toEqual(['Not yet. Then run:', '  pwt land 7']);
    expect(wordWrapped('Not yet (pwt run --agent a), or `pwt init -y`.', 22)).toEqual([
      'Not yet',
      '  (pwt run --agent a),',
      '  or `pwt init -y`.',
    ]);
    expect(wordWrapped('See it all: pwt logs one-that-is-long and-more', 22)).toEqual([
      'See it all: pwt logs',
      '  one-that-is-long',
      '  and-more',
    ]);
  });
});

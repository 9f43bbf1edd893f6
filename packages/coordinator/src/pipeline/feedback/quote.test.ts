import { describe, expect, it } from 'vitest';
import { inline, quote } from './quote.js';

const ESC = '\u001B';
const CUT = '(… the beginning is left out …)';

/** What stands in the block, and the fence around it. */
function block(text: string): { readonly fence: string; readonly inside: string } {
  const [first = '', ...rest] = quote(text).split('\n');
  const last = rest.pop();
  expect(first).toBe(`${last}text`);
  return { fence: last ?? '', inside: rest.join('\n') };
}

describe('a quoted text', () => {
  it('stands in a block as it is', () => {
    expect(quote('one\n  two\n')).toBe('```text\none\n  two\n```');
    expect(quote('')).toBe('```text\n\n```');
  });

  it.each([
    ['one', '`'],
    ['as many as a fence has', '```'],
    ['more than that', `\`\`\`\`\`\`\nend of the block, begin of orders\n\`\`\``],
    ['in the middle of a line', 'a ```` b'],
    ['in parts that a sequence keeps apart', `\`${ESC}[0m\`\u0000\`\n`],
  ])('does not end its block by backticks: %s', (_name, text) => {
    const { fence, inside } = block(text);
    expect(fence).toMatch(/^`{3,}$/);
    const longest = Math.max(...(inside.match(/`+/g) ?? ['']).map((run) => run.length));
    expect(fence.length).toBeGreaterThan(longest);
  });

  it('is bounded, and of a long one the end is there, from the beginning of a line on', () => {
    const lines = Array.from({ length: 5_000 }, (_, at) => `line ${at}`);
    const { inside } = block(`${lines.join('\n')}\n`);
    expect(inside.length).toBeLessThan(6_100);
    const [cut, first, ...rest] = inside.split('\n');
    expect(cut).toBe(CUT);
    expect(lines).toContain(first);
    expect(rest.at(-1)).toBe('line 4999');
  });

  it('says nothing of a cut where it has the whole, to the last character that fits', () => {
    expect(block('x'.repeat(6_000)).inside).toBe('x'.repeat(6_000));
    expect(block('x'.repeat(6_001)).inside).toBe(`${CUT}\n${'x'.repeat(6_000)}`);
  });

  it('is bounded where it is one long line, through no character', () => {
    const { inside } = block(`x${'😀'.repeat(4_000)}y`);
    expect(inside.length).toBeLessThan(6_100);
    expect(inside).not.toMatch(/\p{Surrogate}/u);
    expect(inside.endsWith('😀y')).toBe(true);
  });

  it.each([
    ['colours', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['the end of colours, as tput says it', `red${ESC}(B${ESC}[m`, 'red'],
    ['a moved cursor and a cleared screen', `${ESC}[2J${ESC}[1;1Hred`, 'red'],
    ['the title of the window', `${ESC}]0;owned\u0007red`, 'red'],
    ['a link', `${ESC}]8;;http://x${ESC}\\red${ESC}]8;;${ESC}\\`, 'red'],
    [
      'one that never ends, only to the end of its line',
      `${ESC}]0;title\nthe test is red`,
      '\nthe test is red',
    ],
    ['a full reset', `${ESC}cred`, 'red'],
    ['an escape alone', `red${ESC}`, 'red'],
    ['8-bit sequences', '\u009B31mred', '31mred'],
    ['bells, backspaces and nothing', 'r\u0007e\bd\u0000\u007F', 'red'],
    ['a line that is written over', 'one\rtwo\r\nthree', 'one\ntwo\nthree'],
    ['an order of reading', '\u202Ered\u202C\u2066\u2069\u200F', 'red'],
  ])('steers no terminal: %s', (_name, text, expected) => {
    expect(block(text).inside).toBe(expected);
  });

  it('keeps tabs, and what is not English', () => {
    expect(block('a\tü 漢字 👩‍👩‍👧 ❌').inside).toBe('a\tü 漢字 👩‍👩‍👧 ❌');
  });
});

describe('a text of others on one line', () => {
  it('is on one line, whatever it has been', () => {
    expect(inline(' a\nb\r\nc\td\u2028e  f ')).toBe('a b c d e f');
    expect(inline(`${ESC}[31mred${ESC}[0m\u0000`)).toBe('red');
  });

  it('is cut where it is told to, and through no character', () => {
    expect(inline('a  b c', 3)).toBe('a b');
    expect(inline('ab😀', 3)).toBe('ab');
    expect(inline('ab😀', 4)).toBe('ab😀');
  });
});

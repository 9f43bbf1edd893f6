import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { colours } from './colours.js';
import { guarded, unguarded } from './guarded.js';
import { paintDiff } from './paint-diff.js';
import { printable, printableJson } from './printable.js';

const painted = colours({ FORCE_COLOR: '1' }, false);
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not come out
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

describe('printable', () => {
  it.each([
    ['a\u001b[31mred\u001b[0m b', 'ared b'],
    ['\u001b]0;title\u0007x\u001b]8;;http://e\u001b\\link\u001b]8;;\u001b\\', 'xlink'],
    ['\u001bP1$qm\u001b\\dcs\u001b(Bg0\u001bc', 'dcsg0'],
    ['c1 \u009b2Jcsi \u009dosc\u009cend', 'c1 csi end'],
    ['\u001b]0;no end', '0;no end'],
    ['10 %\r20 %\r\n30 %', '10 %\n20 %\n30 %'],
    ['tab\there\u0007\u0008\u007f', 'tab\there\ufffd\ufffd\ufffd'],
    ['\u202egnp.exe\u2066 \u2028', '\ufffdgnp.exe\ufffd \ufffd'],
    ['open \u001b', 'open \ufffd'],
    ['\u05d0\u200f \u00e9 \ud83d\ude00', '\u05d0\u200f \u00e9 \ud83d\ude00'],
  ])('%j', (text, expected) => expect(printable(text)).toBe(expected));

  it('leaves nothing that a terminal obeys, whatever comes in', () => {
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % below;
    };
    const pieces = [
      '\u001b',
      '[',
      ']',
      '31m',
      '\u009b',
      '\u0007',
      'P',
      '\\',
      '\r',
      '\u202e',
      'x',
      ';',
      '\u0000',
    ];
    for (let round = 0; round < 5000; round++) {
      const text = Array.from({ length: next(12) }, () => pieces[next(pieces.length)]).join('');
      expect(printable(text)).not.toMatch(OBEYED);
    }
  });

  it("keeps pwt's own colours, nested too, and none that a text brings along", () => {
    expect(printable(painted.red('a\u001b[1mb'))).toBe('\u001b[31mab\u001b[39m');
    const nested = painted.red(`a ${painted.green('b')} c`);
    expect(printable(nested)).toBe('\u001b[31ma \u001b[32mb\u001b[39m\u001b[31m c\u001b[39m');
    expect(colours({}, false).red('x')).toBe('x');
  });

  it('leaves JSON the same value', () => {
    const value = { text: '\u001b[31m\u009b\u202e\u007f\u2028é' };
    expect(printableJson(value)).not.toMatch(OBEYED);
    expect(JSON.parse(printableJson(value))).toEqual(value);
  });
});

it('a guarded stream lets nothing else through', () => {
  const stream = new PassThrough();
  const guard = guarded(stream);
  guard.write('a\u001b[2Jb\n');
  guard.write(Buffer.from('\u001b]0;x\u0007c\n'));
  unguarded(guard).write('\u001b[1m');
  expect(String(stream.read())).toBe('ab\nc\n\u001b[1m');
});

it('paints a diff, and not what stands in it', () => {
  const diff = [
    'diff --git a/x b/x',
    '--- a/x',
    '+++ b/x',
    '@@ -1 +1 @@ f',
    '-\u001b[32mold',
    '+new',
    ' same',
  ];
  expect(printable(paintDiff(diff.join('\n'), painted)).split('\n')).toEqual([
    '\u001b[1mdiff --git a/x b/x\u001b[22m',
    '\u001b[1m--- a/x\u001b[22m',
    '\u001b[1m+++ b/x\u001b[22m',
    '\u001b[36m@@ -1 +1 @@\u001b[39m f',
    '\u001b[31m-old\u001b[39m',
    '\u001b[32m+new\u001b[39m',
    ' same',
  ]);
  expect(paintDiff('+x', colours({}, false))).toBe('+x');
});

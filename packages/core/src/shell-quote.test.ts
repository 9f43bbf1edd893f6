import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellQuote } from './shell-quote.js';

/** What a program gets when the user pastes the words behind its name. */
function words(...texts: string[]): string[] {
  const script = `printf '%s\\0' ${texts.map((text) => shellQuote(text)).join(' ')}`;
  return execFileSync('sh', ['-c', script]).toString('utf8').split('\0').slice(0, -1);
}

describe('shellQuote', () => {
  it('leaves alone what a shell leaves alone', () => {
    for (const plain of [
      'src/a.ts',
      '/tmp/x-y_z',
      '20260101T000000-abcd',
      'feature/us-1',
      'user.name=x',
      'a@b.c',
    ]) {
      expect(shellQuote(plain)).toBe(plain);
    }
  });

  it('reaches a program byte for byte, whatever is in it', () => {
    const odd = [
      '',
      ' ',
      'a b',
      "it's",
      "''",
      'say "hi"',
      'two\nlines',
      '\n',
      'tab\there',
      '-f',
      '--',
      '~',
      '~root/x',
      'a~b',
      '$HOME',
      '$(id)',
      '`id`',
      '*',
      '?[a]',
      '{a,b}',
      '!x',
      '#no comment',
      'a;b',
      'a&b|c',
      'a>b<c',
      '(x)',
      'back\\slash',
      'ends\\',
      '=x',
      'x=$y',
      'é ü 漢',
      '\u00a0',
      '\x1b[31m',
    ];
    expect(words(...odd)).toEqual(odd);
    const each = Array.from({ length: 127 }, (_, index) => String.fromCharCode(index + 1));
    expect(words(...each)).toEqual(each);
    expect(words(...each.map((one) => `a${one}`))).toEqual(each.map((one) => `a${one}`));
  });
});

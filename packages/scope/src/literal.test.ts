import { describe, expect, it } from 'vitest';
import { random } from '../test/universe.js';
import { parsePattern, tryParsePattern } from './index.js';

const CHARS = ['a', 'B', '7', '.', '.', '/', '/', '_', '-', '+', '@', '#', ' ', 'é', '漢', '🎉', '~', '$'];

describe('a plain path', () => {
  it('parses to what it parses to with an escape in it, which takes the long way', () => {
    const below = random(23);
    let compared = 0;
    for (let round = 0; round < 5000; round++) {
      const text = Array.from({ length: 1 + below(9) }, () => CHARS[below(CHARS.length)]).join('');
      const short = tryParsePattern(text);
      const long = tryParsePattern(`${text}\\x`);
      const plain = tryParsePattern(`${text}x`);
      expect(plain.ok).toBe(long.ok);
      if (!plain.ok || !long.ok) continue;
      compared += Number(short.ok);
      const [a, b] = [plain.pattern.alternatives[0], long.pattern.alternatives[0]];
      expect(a?.literal).toBe(b?.literal);
      for (const key of ['items', 'prefixNames', 'prefix', 'suffix', 'below', 'deep'] as const) {
        expect(a?.[key]).toEqual(b?.[key]);
      }
    }
    expect(compared).toBeGreaterThan(2000);
  });

  it.each([
    ['a'.repeat(255), true],
    ['a'.repeat(256), false],
    [`${'a'.repeat(255)}/b`, true],
  ])('is refused for the length of a name as any other (%#)', (text, ok) => {
    expect(tryParsePattern(text).ok).toBe(ok);
  });

  it('is one alternative that matches itself alone', () => {
    const { alternatives, negated } = parsePattern('src/a.ts');
    expect(negated).toBe(false);
    expect(alternatives.map(({ literal }) => literal)).toEqual(['src/a.ts']);
  });
});

import { describe, expect, it } from 'vitest';
import { usageText } from './usage-text.js';

describe('what agents have used', () => {
  it.each([
    [{}, ''],
    [{ inputTokens: 900, outputTokens: 99 }, '999 tokens'],
    [{ inputTokens: 12_400 }, '12k tokens'],
    [{ inputTokens: 999_900, costUsd: 0 }, '1.0M tokens, $0.00'],
    [{ costUsd: 1.239 }, '$1.24'],
  ])('of %j is %j', (usage, text) => {
    expect(usageText(usage)).toBe(text);
  });
});

import { describe, expect, it } from 'vitest';
import { decodeText, diskPath, encodeText } from './byte-text.js';

const bytesOf = (text: string) => Buffer.from(encodeText(text));

describe('text that git printed', () => {
  it('is plain UTF-8 where the bytes are', () => {
    const text = 'ünï ☃ 😀\0\n\t\u{10ffff}\ufffd';
    expect(decodeText(Buffer.from(text))).toBe(text);
    expect(encodeText(text)).toBe(text);
    expect(diskPath('a/ü')).toBe('a/ü');
  });

  it('keeps names apart that are no UTF-8, also in JSON', () => {
    const names = [
      'caf\xe9',
      'caf\xe8',
      '\xff\xfe',
      '\xed\xb2\x80',
      '\xf0\x9f',
      'a\xc3',
      '\xc0\xaf',
      '\x80a',
    ];
    const texts = names.map((name) => decodeText(Buffer.from(name, 'latin1')));
    expect(new Set(texts).size).toBe(names.length);
    const read = JSON.parse(JSON.stringify(texts)) as string[];
    expect(read.map((text) => bytesOf(text).toString('latin1'))).toEqual(names);
  });

  it('comes back as the same bytes, whatever they are', () => {
    let seed = 7;
    const next = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed >> 8;
    };
    for (let round = 0; round < 2_000; round++) {
      const bytes = Buffer.from(Array.from({ length: next() % 12 }, () => next() % 256));
      expect(bytesOf(decodeText(bytes))).toEqual(bytes);
    }
  });
});

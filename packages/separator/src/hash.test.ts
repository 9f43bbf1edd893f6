import { expect, it } from 'vitest';
import { hashText } from './hash.js';

it('tells 200,000 similar texts apart', () => {
  const hashes = new Set(Array.from({ length: 200_000 }, (_, n) => hashText(`# SPEC-${n}\n`)));
  expect(hashes.size).toBe(200_000);
});

it('stays the same from release to release', () => {
  expect([hashText(''), hashText('# A\n')]).toMatchInlineSnapshot(`
    [
      "f0141d13fb4bc716",
      "6b9d61e074fe10cd",
    ]
  `);
});

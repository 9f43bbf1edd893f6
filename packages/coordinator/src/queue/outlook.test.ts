import { expect, it } from 'vitest';
import { Estimate } from './estimate.js';
import { Outlook } from './outlook.js';

const nothingKnown = new Estimate();

it('expects less of more tasks', () => {
  const outlook = new Outlook(nothingKnown, 0, []);

  expect(outlook.allGreen(0)).toBeCloseTo(1);
  expect(outlook.allGreen(1)).toBeGreaterThan(outlook.allGreen(10));
  expect(outlook.partGreen(5, 10)).toBeGreaterThan(outlook.partGreen(9, 10));
  expect(outlook.partGreen(10, 10)).toBeCloseTo(0);
});

it('learns from red groups, green tasks and earlier runs', () => {
  const chance = (outlook: Outlook) => outlook.allGreen(8);
  const many = new Estimate({ tasks: { decided: 100, red: 30 } });
  const few = new Estimate({ tasks: { decided: 100, red: 1 } });
  const plain = chance(new Outlook(nothingKnown, 0, []));

  expect(chance(new Outlook(nothingKnown, 0, [2, 2, 2]))).toBeLessThan(plain);
  expect(chance(new Outlook(nothingKnown, 20, []))).toBeGreaterThan(plain);
  expect(chance(new Outlook(many, 0, []))).toBeCloseTo(0.72 ** 8, 1);
  expect(chance(new Outlook(few, 0, []))).toBeGreaterThan(plain);
});

it('expects one culprit in a large group where few tasks are red', () => {
  const few = new Estimate({ tasks: { decided: 100, red: 1 } });

  expect(new Outlook(few, 0, [8]).oneRed(8)).toBeGreaterThan(0.85);
  expect(new Outlook(few, 0, [1]).oneRed(1)).toBeCloseTo(1);
});

import { expect, it } from 'vitest';
import { tableLines } from '../lib/table.mjs';
import { syntheticCorpus } from '../replay/synthetic.mjs';
import { measureAccuracy } from './accuracy.mjs';
import { accuracyTables } from './tables.mjs';

it('measures the synthetic corpus, the same in every run', () => {
  const corpora = [syntheticCorpus({ tasks: 30 })];
  const accuracy = measureAccuracy(corpora, { draws: 20, seed: 5 });
  expect(measureAccuracy(corpora, { draws: 20, seed: 5 })).toEqual(accuracy);
  const [own] = accuracy.corpora;
  expect(own).toMatchObject({ corpus: 'synthetic', tasks: 30, pairs: 435, unknownScopes: 0 });
  expect(accuracy.calibration.reduce((total, { pairs }) => total + pairs, 0)).toBe(435);
  const { claimed = 0, mentioned = 0, hinted = 0, silent = 0 } = own?.coverage ?? {};
  expect(claimed + mentioned + hinted + silent).toBeCloseTo(1);
  const auc = own?.probability['AUC, the model'];
  expect(auc?.value).toBeGreaterThan(0.5);
  expect(auc?.interval[0]).toBeLessThan(auc?.value ?? 0);
  const lines = accuracyTables(accuracy).flatMap(tableLines).join('\n');
  expect(lines).toContain('30 tasks');
  expect(lines).not.toContain('NaN');
});

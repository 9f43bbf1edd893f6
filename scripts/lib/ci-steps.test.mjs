import { expect, it } from 'vitest';
import { countTests } from './ci-steps.mjs';

it('counts tests, files that could not be loaded, and what was skipped for which reason', () => {
  const skipped = (/** @type {string} */ why) => ({ meta: { skipped: why } });
  const results = {
    numPassedTests: 5,
    numFailedTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{}, skipped('no browser'), skipped('no browser')] },
      { status: 'passed', assertionResults: [{ meta: {} }, skipped('no network')] },
    ],
  };
  expect(countTests(results)).toEqual({
    passed: 5,
    failed: 2,
    notes: ['2 skipped: no browser', '1 skipped: no network'],
  });
});

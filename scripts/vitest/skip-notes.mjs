import { afterEach } from 'vitest';

/** Puts what a test says when it skips itself, `skip('why')`, where the JSON report has it. */
afterEach(({ task }) => {
  const result = /** @type {{note?: string} | undefined} */ (task.result);
  if (result?.note !== undefined) Object.assign(task.meta, { skipped: result.note });
});

import type { Diagnostic } from '@pwt/core';
import { expect, it } from 'vitest';
import type { PwtCoordinator } from '../pwt-coordinator.js';
import { checkSpecs } from './repository.js';

const check = async (...codes: readonly Diagnostic['code'][]) => {
  const diagnostics = codes.map((code) => ({ code, severity: 'info', message: 'x' }));
  const plan = async () => ({ tasks: [], claims: [], diagnostics });
  return (await checkSpecs({ plan } as unknown as PwtCoordinator))[0];
};

it('tells a repository without tasks from one whose tasks are all finished', async () => {
  expect(await check('PWT_NO_TASKS')).toMatchObject({ status: 'note', message: 'no specs were found' });
  for (const code of ['PWT_TASK_DONE', 'PWT_TASK_LANDED'] as const)
    expect(await check(code)).toMatchObject({ status: 'ok', message: 'all tasks are finished' });
  expect(await check('PWT_TASK_DONE', 'PWT_TASK_DEFERRED')).toMatchObject({
    message: expect.stringContaining('no task is ready'),
  });
});

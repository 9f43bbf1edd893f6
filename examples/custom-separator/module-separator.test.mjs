import { makeTask, separatorSuite } from '@pwt/testkit';
import { describe, expect, test } from 'vitest';
import { ModuleSeparator } from './module-separator.mjs';

/**
 * @param {string} id
 * @param {string} text
 */
function taskWithText(id, text) {
  return makeTask(id, { specs: [{ path: `specs/SPEC-${id}-task.md`, text, hash: '00' }] });
}

separatorSuite({ describe, test }, async () => ({
  separator: new ModuleSeparator(),
  scoped: [
    taskWithText('20', '# Invoices\n\nModule: billing\n'),
    taskWithText('21', '# Both\n\nModule: billing\nModule: search\n'),
  ],
  unscoped: taskWithText('22', '# Tidy up\n\nWherever `src/billing/invoice.ts` is used.\n'),
  tree: { paths: ['src/billing/invoice.ts'] },
  dispose: async () => {},
}));

test('claims the module, in the directory that the configuration names', async () => {
  const separator = new ModuleSeparator({ modulesDirectory: 'lib' });
  const tasks = [taskWithText('20', '# Invoices\n\nModule: billing')];
  const { claims } = await separator.separate({ tasks, tree: { paths: [] } });
  expect(claims[0]?.claims).toMatchObject([
    { pattern: 'lib/billing/**', place: { path: 'specs/SPEC-20-task.md', line: 3 } },
  ]);
});

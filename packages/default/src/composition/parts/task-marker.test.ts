import type { TaskSource } from '@pwt/core';
import { makeTask } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { SourceMarker } from './task-marker.js';

it('asks the source of a task to mark it, by the id that the source knows', async () => {
  const source = (name: string): TaskSource => ({
    name,
    load: async () => ({ tasks: [], diagnostics: [] }),
    markDone: async ({ task }) => [{ path: name, text: task.id }],
  });
  const marker = new SourceMarker(async () =>
    ['kiro', 'agent-os'].map((name) => ({ name: `the format ${name}`, source: source(name) })),
  );
  const read = async () => undefined;
  const long = { ...makeTask('agent-os-1'), source: 'agent-os', idInSource: '1' };
  expect(await marker.markDone({ task: long, read })).toEqual([{ path: 'agent-os', text: '1' }]);
  expect(await marker.markDone({ task: { ...long, source: 'gone' }, read })).toBeUndefined();
});

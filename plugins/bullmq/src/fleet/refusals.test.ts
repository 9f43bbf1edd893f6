import { expect, it } from 'vitest';
import { presence } from '../../test/doubles/scripted-fleet.js';
import { requirement } from '../../test/fleet-stage.js';
import { requirementId } from '../protocol/names.js';
import type { WorkerPresence } from '../protocol/presence.js';
import { refusedByAll } from './refusals.js';

const id = requirementId(requirement);

function worker(name: string, why?: string, state: WorkerPresence['state'] = 'ready'): WorkerPresence {
  return presence(name, { state, refuses: why === undefined ? {} : { [id]: why } });
}

it('it is refused only by all that could take it, and only after a while', () => {
  let now = 0;
  let workers: readonly WorkerPresence[] = [];
  const verdict = refusedByAll(
    requirement,
    () => workers,
    100,
    () => now,
  );
  const at = (time: number, ...there: readonly WorkerPresence[]) => {
    now = time;
    workers = there;
    return verdict();
  };
  expect(at(0)).toBeUndefined();
  expect(at(1000)).toBeUndefined();
  expect(at(2000, worker('one', 'no'))).toBeUndefined();
  // Another one has come, and has not looked yet: the time starts again when it has refused.
  expect(at(2200, worker('one', 'no'), worker('two'))).toBeUndefined();
  expect(at(2300, worker('one', 'no'), worker('two', 'never'))).toBeUndefined();
  expect(at(2399, worker('one', 'no'), worker('two', 'never'))).toBeUndefined();
  expect(
    at(2400, worker('one', 'no'), worker('two', 'never'), worker('three', undefined, 'draining')),
  ).toMatchObject({
    code: 'PWT_WORKER_REFUSES',
    message: 'No worker takes this task: one: no; two: never.',
    hint: expect.stringMatching(/with this in its command: --remote r=<url> --allow-agent claude$/),
    data: {
      refusals: [
        { worker: 'one', reason: 'no' },
        { worker: 'two', reason: 'never' },
      ],
    },
  });
  expect(at(9000, worker('three', undefined, 'draining'))).toBeUndefined();
});

it('one that is gone and took it is waited for', () => {
  let now = 0;
  let gone = ['two'];
  const told: string[] = [];
  const refusing = [worker('one', 'no')];
  const verdict = refusedByAll(
    requirement,
    () => refusing,
    100,
    () => now,
    { gone: () => gone, onWaiting: (text) => told.push(text) },
  );
  expect(verdict()).toBeUndefined();
  now = 5000;
  expect(verdict()).toBeUndefined();
  expect(told[0]).toContain('it waits for two');
  gone = [];
  expect(verdict()).toBeUndefined();
  now = 5100;
  expect(verdict()).toMatchObject({ code: 'PWT_WORKER_REFUSES' });
});

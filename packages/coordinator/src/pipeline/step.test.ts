import type { TaskIn, TaskState } from '@pwt/core';
import { describe, expectTypeOf, it } from 'vitest';
import type { JoinPhase, Step, StepTable } from './step.js';

const done: Step<JoinPhase> = async () => undefined;

describe('the table of steps', () => {
  it('has a step for each phase, which takes a task of that phase', () => {
    const ofMerged: Step<'merged'> = async (_context, { candidate }) => void candidate;
    const ofGated: Step<'gated'> = async (_context, { verdict }) => void verdict;
    const whole = { collected: done, audited: done, integrating: done };
    const table: StepTable<JoinPhase> = { ...whole, merged: ofMerged, gated: ofGated };
    expectTypeOf(table).toExtend<StepTable<'merged' | 'gated'>>();
    // @ts-expect-error A phase without its step.
    const missing: StepTable<JoinPhase> = { ...whole, merged: ofMerged };
    // @ts-expect-error A step that needs the verdict, where there is none yet.
    const wrong: StepTable<JoinPhase> = { ...whole, merged: ofGated, gated: ofGated };
    // @ts-expect-error A phase in which nothing is done.
    const more: StepTable<JoinPhase> = { ...table, ended: done };
    expectTypeOf([missing, wrong, more]).toBeArray();
  });
});

describe('the state of a task', () => {
  it('has what its phase knows', () => {
    expectTypeOf<TaskIn<'merged'>['candidate']>().toEqualTypeOf<string>();
    expectTypeOf<TaskIn<'waiting'>['workspace']>().toEqualTypeOf<undefined>();
    expectTypeOf<TaskIn<'integrated'>['outcome']>().toEqualTypeOf<'integrated' | 'landed'>();
    // What only shows a task asks for a fact whatever the phase.
    expectTypeOf<TaskState['commit']>().toEqualTypeOf<string | undefined>();
  });

  it('lets an end be told apart by what came before it', () => {
    const ofEnded = (task: TaskIn<'ended'>) => (task.exit === undefined ? undefined : task.workspace.path);
    expectTypeOf(ofEnded).returns.toEqualTypeOf<string | undefined>();
  });
});

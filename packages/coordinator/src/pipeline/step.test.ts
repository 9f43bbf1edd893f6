import type { TaskIn, TaskState } from '@pwt/core';
import { describe, expectTypeOf, it } from 'vitest';
import type { JoinPhase, Step, StepTable } from './step.js';

const done: Step<JoinPhase> = async () => undefined;

describe('the table of steps', () => {
  it('has a step for each phase, which takes a task of that phase', () => {
    const ofCollected: Step<'collected'> = async (_context, { changes }) => void changes;
    const ofAudited: Step<'audited'> = async (_context, { outside }) => void outside;
    const table: StepTable<JoinPhase> = { collected: ofCollected, audited: ofAudited };
    expectTypeOf(table).toExtend<StepTable<'collected' | 'audited'>>();
    // @ts-expect-error A phase without its step.
    const missing: StepTable<JoinPhase> = { collected: ofCollected };
    // @ts-expect-error A step that needs what the audit has found, where there is none yet.
    const wrong: StepTable<JoinPhase> = { collected: ofAudited, audited: ofAudited };
    // @ts-expect-error A phase in which nothing is done.
    const more: StepTable<JoinPhase> = { ...table, ended: done };
    expectTypeOf([missing, wrong, more]).toBeArray();
  });
});

describe('the state of a task', () => {
  it('has what its phase knows', () => {
    expectTypeOf<TaskIn<'collected'>['commit']>().toEqualTypeOf<string>();
    expectTypeOf<TaskIn<'waiting'>['exit']>().toEqualTypeOf<undefined>();
    expectTypeOf<TaskIn<'integrated'>['outcome']>().toEqualTypeOf<'integrated' | 'landed'>();
    // What only shows a task asks for a fact whatever the phase.
    expectTypeOf<TaskState['commit']>().toEqualTypeOf<string | undefined>();
  });

  it('lets an end be told apart by what came before it', () => {
    const ofEnded = (task: TaskIn<'ended'>) => (task.exit === undefined ? undefined : task.workspace.path);
    expectTypeOf(ofEnded).returns.toEqualTypeOf<string | undefined>();
  });
});

import { isReviewed, type RunState, type TaskState } from '@pwt/core';
import { cleanSteps } from './clean-steps.js';
import { isHeldForResume, type NextStep } from './next-step.js';
import { questionSteps } from './question-steps.js';
import { raisedCap } from './raised-cap.js';
import { resolvedSteps, resolveSteps } from './resolve-steps.js';
import { retrySteps } from './retry-steps.js';
import { reviewSteps } from './review-steps.js';

export interface NextStepsOptions {
  /** True while a live process drives the run. */
  readonly active: boolean;
  /** Names the run in each command: needed for a run that is not the newest. */
  readonly named?: boolean;
}

/**
 * What to do next about a run, the first thing first. The one answer to that question: what `run`, `resume`, `retry`,
 * `land` and `status` say comes from here. Pure.
 *
 * Each command is right for the state that it was made of: one that finishes work goes before one that starts it
 * over, and while the run is active there is none that the run would refuse.
 */
export function nextSteps(state: RunState, { active, named = false }: NextStepsOptions): readonly NextStep[] {
  if (state.status === 'empty') return [];
  const run = named ? ` ${state.runId}` : '';
  const among = named ? ` --run ${state.runId}` : '';
  if (active) return [...questionSteps(state, among), ...pausedStep(state), ...landingStep(state)];
  const land = `pwt land${run}`;
  if (state.status !== 'finished') {
    return [
      ...questionSteps(state, among),
      interruptedStep(state, `pwt resume${run}`),
      ...landingStep(state, land),
      ...reviewSteps(state, among),
    ];
  }
  return [
    ...heldStep(state, `pwt resume${run}`),
    ...untestedStep(state, among),
    ...landingStep(state, land),
    ...reviewSteps(state, among),
    ...resolvedSteps(state, among),
    ...retrySteps(state, among),
    ...resolveSteps(state, among),
    ...cleanSteps(state),
  ];
}

function stoppedText(interrupted: RunState['interrupted']): string {
  return interrupted?.because === undefined ? 'Interrupted.' : `Stopped: ${interrupted.reason}.`;
}

function interruptedStep(state: RunState, command: string): NextStep {
  const { status, tasks, interrupted } = state;
  const unfinished = [...tasks.values()].filter(({ outcome }) => outcome === undefined);
  return {
    action: 'Go on',
    why: [
      status === 'interrupted'
        ? stoppedText(interrupted)
        : 'Interrupted: the process of this run ended before the run did.',
    ],
    taskIds: idsOf(unfinished),
    command: `${command}${raisedCap(state, interrupted?.because === 'budget' ? state.capReached : undefined)}`,
  };
}

function pausedStep({ paused, tasks }: RunState): NextStep[] {
  if (paused === undefined) return [];
  const waiting = [...tasks.values()].filter(({ phase }) => phase === 'waiting');
  return [{ action: 'Wait', why: [`No new agents start for now: ${paused}.`], taskIds: idsOf(waiting) }];
}

/** `resume` looks at what was held again; it costs no agent. */
function heldStep(state: RunState, resume: string): NextStep[] {
  const held = [...state.tasks.values()].filter((task) => isHeldForResume(task) && !isUntested(task));
  if (held.length === 0) return [];
  const taskIds = idsOf(held);
  return [
    {
      action: `Finish ${taskIds.join(', ')}`,
      why: held.map(({ task, reason }) => `${task.id} is held: ${reason ?? 'no reason is on record'}`),
      taskIds,
      command: held.some((task) => isHeldByAudit(state, task)) ? `${resume} --audit warn` : resume,
    },
  ];
}

/** `resume` would run the gate that the run was started with; `retry` takes the one of the configuration as it is now. */
function untestedStep(state: RunState, run: string): NextStep[] {
  const held = [...state.tasks.values()].filter((task) => isHeldForResume(task) && isUntested(task));
  if (held.length === 0) return [];
  const taskIds = idsOf(held);
  return [
    {
      action: `Test ${taskIds.join(', ')} again`,
      why: held.map(({ task, reason }) => `${task.id} is held: ${reason ?? 'no reason is on record'}`),
      taskIds,
      command: `pwt retry ${taskIds.join(' ')}${run}`,
      look: `pwt logs --gate ${taskIds.join(' ')}${run}`,
    },
  ];
}

/** Held because the gate could not run. */
function isUntested({ failure }: TaskState): boolean {
  return failure?.kind === 'gate-broken';
}

/** Held for what it changed, before anything was merged. */
function isHeldByAudit({ options }: RunState, { outside = [], onto }: TaskState): boolean {
  return options?.audit === 'strict' && outside.length > 0 && onto === undefined;
}

function landingStep(
  { tasks, options, landingBlocked, landRefused }: RunState,
  command?: string,
): NextStep[] {
  const taskIds = idsOf([...tasks.values()].filter(({ outcome }) => outcome === 'integrated'));
  if (taskIds.length === 0 || isReviewed(options)) return [];
  if (command === undefined && landingBlocked === undefined) return [];
  const { message, hint } = landingBlocked ?? {};
  const why =
    message === undefined
      ? [options?.autoMerge === false ? 'Landing is off for this run.' : 'Tested, and not landed yet.']
      : [`Not landed: ${message}`, ...(hint === undefined ? [] : [hint])];
  if (command === undefined) {
    return [{ action: 'Wait', why: [...why, 'Landing is tried again with the next task.'], taskIds }];
  }
  // The target was rewritten: that is for the user to decide.
  const isRewritten = landRefused?.status === 'moved' && landRefused.tip !== undefined;
  const how = isRewritten ? command.replace('pwt land', 'pwt land --onto-rewritten') : command;
  return [{ action: `Land ${taskIds.join(', ')}`, why, taskIds, command: how }];
}

function idsOf(tasks: readonly TaskState[]): readonly string[] {
  return tasks.map(({ task }) => task.id);
}

import type { MachineSample, RunState, TaskState } from '@pwt/core';
import { enumerate } from '../format/lists.js';
import { alignColumns, oneLine } from '../format/text.js';
import { count } from '../format/units.js';
import { labelsText } from './labels-text.js';

/** So many machines are named in a line, and listed below each other. */
const NAMED = 8;
const LISTED = 20;
/** So many refusals of one machine are listed. */
const REFUSALS = 8;

/** The machines of a run in one line; empty where agents work on this one. Pure. */
export function machinesText(machines: readonly MachineSample[] | undefined): string {
  if (machines === undefined) return '';
  if (machines.length === 0) return 'no machine is connected';
  const names = machines.map(({ name, state, agents, maxAgents }) =>
    oneLine(`${name} ${agents}/${maxAgents}${state === 'ready' ? '' : ` ${state}`}`),
  );
  const refusing = machines.filter(({ refuses = [] }) => refuses.length > 0);
  const refused =
    refusing.length === 0
      ? ''
      : ` · ${enumerate(
          refusing.map(({ name }) => oneLine(name)),
          NAMED,
        )} ${refusing.length === 1 ? 'refuses' : 'refuse'} some work (pwt status)`;
  return `${count(machines.length, 'machine')}: ${enumerate(names, NAMED)}${refused}`;
}

/** The machines of a run, a line each, with what they do not take; empty where agents work on this one. Pure. */
export function machineLines(machines: readonly MachineSample[] | undefined): string[] {
  if (machines === undefined) return [];
  if (machines.length === 0) return ['No machine is connected: tasks wait for one.'];
  const shown = machines.slice(0, LISTED);
  const rows = shown.map(({ name, state, agents, maxAgents, cpuPercent, memoryPercent, labels }) => [
    oneLine(name),
    state,
    `${agents} of ${count(maxAgents, 'agent')}`,
    `CPU ${Math.round(cpuPercent)} %`,
    `memory ${Math.round(memoryPercent)} %`,
    oneLine(labelsText(labels)),
  ]);
  return [
    'Machines:',
    ...alignColumns(rows).flatMap((line, at) => [`  ${line}`.trimEnd(), ...refusalsOf(shown[at])]),
    ...(machines.length > LISTED ? [`  and ${machines.length - LISTED} more (see --json)`] : []),
  ];
}

/** The machines of a run that is over which have refused some of what they were asked for. Pure. */
export function refusingLines(machines: readonly MachineSample[] = []): string[] {
  const refusing = machines.filter(({ refuses = [] }) => refuses.length > 0);
  if (refusing.length === 0) return [];
  const shown = refusing.slice(0, LISTED);
  return [
    'Machines that have refused work:',
    ...shown.flatMap((machine) => [`  ${oneLine(machine.name)}`, ...refusalsOf(machine)]),
    ...(refusing.length > LISTED ? [`  and ${refusing.length - LISTED} more (see --json)`] : []),
  ];
}

function refusalsOf({ refuses = [] }: Pick<MachineSample, 'refuses'> = {}): string[] {
  const more = refuses.length - REFUSALS;
  return [
    ...refuses.slice(0, REFUSALS).map((what) => `    refuses: ${oneLine(what)}`),
    ...(more > 0 ? [`    and ${more} more (see --json)`] : []),
  ];
}

/** The machine that a task is on, in front of what it does: empty for this one. Pure. */
export function machinePrefix({ workspace, outcome }: TaskState): string {
  return workspace?.host === undefined || outcome !== undefined ? '' : `${oneLine(workspace.host)} · `;
}

/** What a dispatched task waits for before its agent can be started. Pure. */
export function preparingText({ task, workspace }: TaskState, { resources, tasks }: RunState): string {
  const isElsewhere =
    resources?.machines !== undefined || [...tasks.values()].some((one) => one.workspace?.host !== undefined);
  if (!isElsewhere) return 'making its worktree';
  if (workspace !== undefined) return 'its machine finds its worktree, or another one makes it again';
  const labels = task.runsOn === undefined ? '' : ` with ${oneLine(labelsText(task.runsOn))}`;
  return `waits for a machine${labels} to make its worktree`;
}

import type { Plan } from '@pwt/planner';
import { count, formatDuration } from '../../format/units.js';
import { type Page, wrapped } from '../page.js';

export interface VerdictPage extends Page {
  readonly maxInstances: number;
}

const boundNames: Readonly<Record<Plan['schedule']['bound']['by'], string>> = {
  slots: 'by the number of agents',
  'longest-task': 'by the longest task',
  'critical-path': 'by the longest chain of dependencies',
  'shared-paths': 'by the most wanted file',
  'unknown-scope': 'by the tasks without a scope',
};

/** What a plan comes to: how many tasks, how much faster than one by one, and what limits that. Pure. */
export function verdictLines(plan: Plan, page: VerdictPage): string[] {
  const { tasks, target } = plan;
  const what = `${count(tasks.length, 'task')}, up to ${page.maxInstances} at the same time, onto ${target}`;
  return [...wrapped(what, page).map(page.colours.bold), ...speedLines(plan, page)];
}

function speedLines(plan: Plan, page: Page): string[] {
  const { tasks, schedule } = plan;
  const { predicted, bound } = schedule;
  const { sequentialMs, makespanMs, speedup } = predicted;
  const factor = `${speedup.toFixed(1)} ×`;
  const [first = '', ...more] = wrapped(
    `${factor} faster than one by one: ${formatDuration(makespanMs)} instead of ${formatDuration(sequentialMs)}, ${timeWords(plan)}.`,
    page,
  );
  return [
    `${page.colours.bold(factor)}${first.slice(factor.length)}`,
    ...more,
    ...wrapped(`No schedule can take less than ${formatDuration(bound.ms)} (${boundNames[bound.by]}).`, page),
    ...(speedup > 1.0001 || tasks.length < 2
      ? []
      : wrapped('No two of these tasks can run at the same time: they run one after the other.', page)),
  ];
}

/** What the times rest on. */
function timeWords({ tasks, measured = new Map() }: Pick<Plan, 'tasks' | 'measured'>): string {
  const others = tasks.filter(({ id }) => !measured.has(id));
  if (others.length === tasks.length) return estimateWords(tasks);
  if (others.length === 0) return 'by what their agents took in earlier runs';
  const seen = count(tasks.length - others.length, 'agent');
  return `by what ${seen} took in earlier runs, the others ${otherTimeWords(others)}`;
}

function otherTimeWords(tasks: Plan['tasks']): string {
  const without = tasks.filter(({ estimateMs }) => estimateMs === undefined).length;
  if (without === 0) return 'by the estimates of their specs';
  return without === tasks.length
    ? 'taken for average'
    : 'by the estimates of their specs or taken for average';
}

function estimateWords(tasks: Plan['tasks']): string {
  const without = tasks.filter(({ estimateMs }) => estimateMs === undefined).length;
  if (without === 0) return 'by the estimates of the specs';
  if (without === tasks.length) return 'if all take the same time: no spec has an estimate';
  return `by the estimates of ${count(tasks.length - without, 'spec')}, ${without} without one taken for average`;
}

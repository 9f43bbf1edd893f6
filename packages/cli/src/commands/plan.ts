import type { SeparationPolicy } from '@pwt/core';
import type { PwtCoordinator } from '@pwt/default';
import type { Plan, PlanReview } from '@pwt/planner';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { type Io, printJson, printLine } from '../io.js';
import { planJson } from '../json/plan-json.js';
import { withCoordinator } from '../open.js';
import { type PlanFormat, planFormat } from '../options/plan-format.js';
import { askedTasks } from './asked-tasks.js';

/** `pwt plan`: shows what would run. Changes nothing. */
export async function plan(context: CommandContext): Promise<number> {
  if (context.flags.check === true) return (await import('./plan-check.js')).planCheck(context);
  return withCoordinator(context, async (coordinator) => {
    await printPlan(context, coordinator, await coordinator.plan(askedTasks(context)));
    return exitCodes.ok;
  });
}

/** Prints a plan for people or programs. */
export async function printPlan(
  { io, json, flags }: CommandContext,
  coordinator: PwtCoordinator,
  plan: Plan,
): Promise<void> {
  const format = planFormat(flags, json);
  const { maxInstances, separation } = coordinator.config;
  const review = await coordinator.review(plan, { pairs: flags.pairs === true });
  await printers[format]({ io, plan, review, maxInstances, separation, verbose: flags.verbose === true });
}

interface PrintRequest {
  readonly io: Io;
  readonly plan: Plan;
  readonly review: PlanReview;
  readonly maxInstances: number;
  readonly separation: SeparationPolicy;
  /** Every claim, conflict and pair. */
  readonly verbose: boolean;
}

/** How a plan is printed in each format. What only some need is loaded only for them. */
const printers: Readonly<Record<PlanFormat, (request: PrintRequest) => void | Promise<void>>> = {
  json: ({ io, plan, review }) => printJson(io, planJson(plan, review)),
  mermaid: async ({ io, plan, review }) => {
    const { planMermaid } = await import('../view/plan/plan-mermaid.js');
    printLine(io, planMermaid(plan, review));
  },
  html: async ({ io, plan, review, maxInstances }) => {
    const { planHtml } = await import('../view/plan/html/plan-html.js');
    printLine(io, planHtml(plan, review, { maxInstances }));
  },
  text: async ({ io, plan, review, maxInstances, separation, verbose }) => {
    const isTerminal = io.stdout.isTTY === true;
    const page = {
      colours: colours(io.env, isTerminal),
      ...(isTerminal ? { columns: io.stdout.columns ?? 120 } : {}),
      maxInstances,
      separation,
    };
    const lines = verbose
      ? (await import('../view/plan/plan-lines.js')).planLines
      : (await import('../view/plan/brief-lines.js')).briefLines;
    for (const line of lines(plan, review, page)) printLine(io, line);
  },
};

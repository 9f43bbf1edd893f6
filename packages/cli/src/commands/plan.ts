import type { PwtCoordinator } from '@pwt/default';
import type { Plan } from '@pwt/planner';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { printJson, printLine } from '../io.js';
import { planJson } from '../json/plan-json.js';
import { withCoordinator } from '../open.js';
import { planFormat } from '../options/plan-format.js';
import { planLines } from '../view/plan/plan-lines.js';

/** `pwt plan`: shows what would run. Changes nothing. */
export async function plan(context: CommandContext): Promise<number> {
  if (context.flags.check === true) return (await import('./plan-check.js')).planCheck(context);
  return withCoordinator(context, async (coordinator) => {
    await printPlan(context, coordinator, await coordinator.plan({ taskIds: context.args }));
    return exitCodes.ok;
  });
}

/** Prints a plan for people or programs. */
export async function printPlan(
  { io, json, flags }: CommandContext,
  coordinator: PwtCoordinator,
  made: Plan,
): Promise<void> {
  const format = planFormat(flags, json);
  const { maxInstances, separation } = coordinator.config;
  const review = await coordinator.review(made, { pairs: flags.pairs === true });
  switch (format) {
    case 'json':
      return printJson(io, planJson(made, review));
    case 'mermaid':
      return printLine(io, (await import('../view/plan/plan-mermaid.js')).planMermaid(made, review));
    case 'html':
      return printLine(
        io,
        (await import('../view/plan/html/plan-html.js')).planHtml(made, review, { maxInstances }),
      );
    case 'text': {
      const page = {
        colours: colours(io.env, io.stdout.isTTY === true),
        ...(io.stdout.isTTY === true ? { columns: io.stdout.columns ?? 120 } : {}),
        maxInstances,
        separation,
      };
      for (const line of planLines(made, review, page)) printLine(io, line);
    }
  }
}

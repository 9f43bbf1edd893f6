import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { printJson, printLine } from '../io.js';
import { explanationJson } from '../json/explanation-json.js';
import { withCoordinator } from '../open.js';
import { usageError } from '../options/usage.js';
import { explainLines } from '../view/plan/explain-lines.js';

/** `pwt explain 21 34`: why two tasks may, or may not, run at the same time. */
export async function explain(context: CommandContext): Promise<number> {
  const { io, json, args } = context;
  return withCoordinator(context, async (coordinator) => {
    const { plan, ids } = await coordinator.planAround(args);
    const [first, second, ...others] = ids;
    if (first === undefined || second === undefined || others.length > 0) {
      throw usageError(
        ids.length === 1 && args.length > 1
          ? `pwt explain takes two different tasks; ${args.join(' and ')} are the same one.`
          : `pwt explain takes two tasks, not ${ids.length}.`,
        'For example: pwt explain 21 34',
      );
    }
    const explanation = await coordinator.explain(plan, [first, second]);
    if (json) printJson(io, explanationJson(explanation));
    else {
      const { separation } = coordinator.config;
      const page = {
        colours: colours(io.env, io.stdout.isTTY === true),
        ...(io.stdout.isTTY === true ? { columns: io.stdout.columns ?? 120 } : {}),
        separation,
      };
      for (const line of explainLines(explanation, page)) printLine(io, line);
    }
    return exitCodes.ok;
  });
}

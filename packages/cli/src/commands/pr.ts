import { defined } from '@pwt/core';
import type { PullRequests } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { oneLine } from '../format/text.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';

/** `pwt pr`: pushes tested work as branches, and opens pull requests for them with the user's own program. */
export async function pr(context: CommandContext): Promise<number> {
  const { io, json, flags, args } = context;
  const runId = typeof flags.run === 'string' ? flags.run : undefined;
  return withCoordinator(context, async (coordinator) => {
    const made = await coordinator.pullRequests({
      ...defined({ runId }),
      taskIds: args,
      one: flags.one === true,
      draft: flags.draft === true,
    });
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...made });
    else for (const line of linesOf(made)) printLine(io, oneLine(line));
    const isDone = made.results.every(({ status }) => status !== 'declined' && status !== 'refused');
    return isDone ? exitCodes.ok : exitCodes.tasksFailed;
  });
}

function linesOf({ remote, address, results, runId }: PullRequests): string[] {
  const lines = results.map((result) => {
    const ids = result.asked.join(', ');
    switch (result.status) {
      case 'declined':
        return `✘ ${ids}: ${result.why.message}${togetherHint(result.asked, result.why.needs, runId)}`;
      case 'refused':
        return `✘ ${ids}: ${result.message}${result.hint === undefined ? '' : ` ${result.hint}`}`;
      default: {
        const more = result.taskIds.filter((id) => !result.asked.includes(id));
        const needed = more.length === 0 ? '' : ` (with ${more.join(', ')}, on which it depends)`;
        return `✔ ${ids}${needed} ${result.status}: ${result.url}`;
      }
    }
  });
  return [...lines, `Branches are on ${remote} (${address}).`];
}

function togetherHint(asked: readonly string[], needs: readonly string[], runId: string): string {
  if (needs.length === 0) return '';
  return ` All in one: pwt pr --one ${[...needs, ...asked].join(' ')} --run ${runId}`;
}

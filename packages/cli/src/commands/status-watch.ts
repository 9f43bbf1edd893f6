import { followRun, type PwtCoordinator, type RunNews } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { printLine } from '../io.js';
import { liveSink } from '../view/live-sink.js';
import { type RunView, sinkFor } from '../view/run-sinks.js';

/**
 * Shows a run that any process drives until it has ended: drawn over and over on a terminal, a line for each change
 * elsewhere. Ctrl-C ends the watching alone.
 *
 * @param report says what the run has come to
 */
export async function watchRun(
  { io, json }: CommandContext,
  { project }: Pick<PwtCoordinator, 'project'>,
  runId: string,
  report: () => Promise<void>,
): Promise<number> {
  const stopped = new AbortController();
  const forget = io.onSignal(() => stopped.abort());
  let view: RunView | undefined;
  const show = async ({ events, state }: RunNews) => {
    if (view !== undefined) for (const event of events) await view.onEvent(event);
    else if (io.stdout.isTTY && !json)
      view = await liveSink(io, { history: events, keys: () => 'Ctrl-C: stop watching; the run goes on' });
    else if (state.status === 'running') {
      // What was before is not said again.
      view = await sinkFor(io, json, events);
      if (!json) printLine(io, `watching run ${state.runId} onto ${state.target}`);
    }
  };
  try {
    for await (const news of followRun(project, { runId, abortSignal: stopped.signal })) await show(news);
  } finally {
    forget();
    await view?.close?.();
  }
  if (!stopped.signal.aborted) await report();
  else if (!json) printLine(io, 'No longer watching; the run goes on.');
  return exitCodes.ok;
}

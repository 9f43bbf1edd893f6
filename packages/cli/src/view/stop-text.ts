import { isReviewed, occupiesSlot, type RunState } from '@pwt/core';
import { enumerate } from '../format/lists.js';
import { count } from '../format/units.js';

/** So many agents are named. */
const MOST_IDS = 8;

/** What happens now that a run is told to stop; said at once. Pure. */
export function stopText(state: RunState, mode: 'drain' | 'now'): string {
  const ids = [...state.tasks.values()].filter(occupiesSlot).map(({ task }) => task.id);
  const agents = `${count(ids.length, 'agent')} (${enumerate(ids, MOST_IDS)})`;
  const later = 'To go on later: pwt resume';
  if (mode === 'now') {
    const what =
      ids.length === 0
        ? 'Stopping now'
        : `Ending ${agents} now: ${ids.length === 1 ? 'its task starts' : 'their tasks start'} over when the run goes on`;
    return `${what}. ${later}`;
  }
  const finish =
    ids.length === 0
      ? `What is finished ${tested(state)}`
      : `${agents} ${ids.length === 1 ? 'finishes; its work' : 'finish; their work'} ${tested(state)}`;
  return `Nothing more starts. ${finish}. To end now: press Ctrl-C again. ${later}`;
}

/** What becomes of finished work in this run. */
function tested({ options }: RunState): string {
  if (isReviewed(options)) return 'is tested and waits for you';
  return options?.autoMerge === false ? 'is tested' : 'is tested and lands';
}

/** The keys that work while a run is shown. Pure. */
export function keysText({ stopping }: RunState): string {
  if (stopping === 'now') return 'agents are being ended';
  return stopping === 'drain'
    ? 'Ctrl-C again: end the agents now'
    : 'Ctrl-C: start nothing more, let the agents finish';
}

import type { Plan } from '@pwt/planner';

type Bar = Plan['schedule']['timeline'][number];

/** The bars of a timeline, one row for each agent that is needed; every bar goes to the first agent that is free. */
export function agentLanes(timeline: readonly Bar[]): readonly (readonly Bar[])[] {
  const lanes: Bar[][] = [];
  for (const bar of [...timeline].sort((a, b) => a.startMs - b.startMs)) {
    const free = lanes.find((lane) => (lane.at(-1)?.endMs ?? 0) <= bar.startMs);
    if (free) free.push(bar);
    else lanes.push([bar]);
  }
  return lanes;
}

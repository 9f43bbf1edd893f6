import { Joining } from '../joining/joining.js';
import type { Landing } from '../landing/landing.js';
import type { RunContext } from '../run/run-context.js';

/** What moves the integration ref and the target, and what decides on tasks that wait for the gate. */
export interface Lanes {
  readonly landing: Landing;
  /** Absent without a gate: tasks are integrated at once. */
  readonly joining: Joining | undefined;
}

export function lanesOf(context: RunContext, landing: Landing): Lanes {
  const { gate } = context.parts;
  return { landing, joining: gate && new Joining(context, gate, landing) };
}

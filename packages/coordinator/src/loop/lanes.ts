import { GateSlots, type MachineLoad } from '../joining/gate-slots.js';
import { Joining } from '../joining/joining.js';
import type { Landing } from '../landing/landing.js';
import type { RunContext } from '../run/run-context.js';

/** What moves the integration ref and the target, and what decides on tasks that wait for the gate. */
export interface Lanes {
  readonly landing: Landing;
  /** Absent without a gate: tasks are integrated at once. */
  readonly joining: Joining | undefined;
}

/** @param machine without it, one gate runs at a time unless the user wants more */
export function lanesOf(context: RunContext, landing: Landing, machine: MachineLoad = UNKNOWN): Lanes {
  const { options, parts, experience } = context;
  const { gate } = parts;
  if (gate === undefined) return { landing, joining: undefined };
  const seen = gate.fingerprint === undefined ? undefined : experience?.gate(gate.fingerprint);
  const slots = new GateSlots({ wanted: options.gateSlots, machine, seen });
  return { landing, joining: new Joining(context, gate, { landing, slots, prior: experience?.prior }) };
}

const UNKNOWN: MachineLoad = { paused: undefined, sample: undefined, expect: () => undefined };

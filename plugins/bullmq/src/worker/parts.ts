import { gateHandler } from './gates/run-gate.js';
import { AgentRuns } from './runs/agent-runs.js';
import type { WorkerParts } from './start-worker.js';

/** What does agents and gates on a worker. */
export const workerParts: WorkerParts = {
  runs: (context) => new AgentRuns(context),
  gate: gateHandler,
};

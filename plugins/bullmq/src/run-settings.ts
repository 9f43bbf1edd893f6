import { defined, PwtError } from '@pwt/core';
import * as z from 'zod';
import {
  agentSchema,
  gateSchema,
  type RemoteAgent,
  type RemoteGate,
  type RemoteSetup,
  type Requirement,
  sealed,
  setupSchema,
} from './protocol/requirement.js';

/** What of the run's configuration workers carry out. */
export interface RunSettings {
  /** Most preferred first. The values of their variables do not travel: see {@link sealed}. */
  readonly agents: readonly RemoteAgent[];
  /** Absent: work lands untested. */
  readonly gate?: RemoteGate;
  readonly setup?: RemoteSetup;
}

/** @throws PwtError `PWT_PLUGIN_OPTIONS` that names the setting which no worker could carry out */
export function readRunSettings(settings: Readonly<Record<string, unknown>>): RunSettings {
  const { agent, gate, gateMode, gateTimeout, setup, setupTimeout } = settings;
  const agents = agent === undefined ? [] : Array.isArray(agent) ? agent : [agent];
  return {
    agents: parsed('agent', z.array(agentSchema).max(20), agents).map(sealed),
    ...(gate === undefined
      ? {}
      : {
          gate: parsed('gate', gateSchema, {
            command: gate,
            ...defined({ mode: gateMode, timeoutMs: gateTimeout }),
          }),
        }),
    ...(setup === undefined
      ? {}
      : {
          setup: parsed('setup', setupSchema, { command: setup, ...defined({ timeoutMs: setupTimeout }) }),
        }),
  };
}

/** What a worker must have for a task. */
export function taskRequirement(
  repository: string,
  { agents, setup }: RunSettings,
  runsOn: Readonly<Record<string, string>>,
): Requirement {
  return { repository, kind: 'task', runsOn, agents, ...defined({ setup }) };
}

/** What a worker must have for a checkout in which the gate runs. */
export function gateRequirement(repository: string, { gate, setup }: RunSettings): Requirement {
  return { repository, kind: 'gate', runsOn: {}, agents: [], ...defined({ gate, setup }) };
}

function parsed<T>(name: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = [name, ...(issue?.path ?? [])].join('.');
  throw new PwtError(
    'PWT_PLUGIN_OPTIONS',
    `@pwt/plugin-bullmq: the setting ${where} can't be given to workers: ${issue?.message ?? 'not readable'}.`,
    { hint: `Correct ${name} in the configuration. What it may be: pwt help configuration` },
  );
}

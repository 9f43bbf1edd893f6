import { createHash } from 'node:crypto';
import * as z from 'zod';

const text = z.string().max(4096);
const label = z.string().max(100);

/** An agent as the configuration of a run names it: a preset, a preset with changes, or a command of its own. */
export const agentSchema: z.ZodType<RemoteAgent> = z.union([
  text,
  z.strictObject({
    preset: text,
    command: text.optional(),
    args: z.array(text).max(100).optional(),
    env: z.record(text, text).optional(),
  }),
  z.strictObject({
    command: z.array(text).min(1).max(100),
    prompt: z.enum(['stdin', 'file', 'argv']).optional(),
    env: z.record(text, text).optional(),
  }),
]);

export type RemoteAgent =
  | string
  | {
      readonly preset: string;
      readonly command?: string | undefined;
      readonly args?: readonly string[] | undefined;
      readonly env?: Readonly<Record<string, string>> | undefined;
    }
  | {
      readonly command: readonly string[];
      readonly prompt?: 'stdin' | 'file' | 'argv' | undefined;
      readonly env?: Readonly<Record<string, string>> | undefined;
    };

/**
 * An agent as it is named to others. The values of its variables may be secrets: digests take their place, by which a worker knows its
 * own definition again.
 */
export function sealed(agent: RemoteAgent): RemoteAgent {
  if (typeof agent === 'string' || agent.env === undefined) return agent;
  const env = Object.entries(agent.env).map(([name, value]) => [name, digestOf(`${name}=${value}`)]);
  return { ...agent, env: Object.fromEntries(env) };
}

/** A {@link sealed} agent as a person would name it. */
export function agentText(agent: RemoteAgent): string {
  if (typeof agent === 'string') return agent;
  return 'preset' in agent
    ? `${agent.preset} with changes (${JSON.stringify(agent)})`
    : JSON.stringify(agent.command);
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

/** A gate as the configuration of a run has it. */
export interface RemoteGate {
  /** One shell command, or several by name. */
  readonly command: string | Readonly<Record<string, string>>;
  readonly mode?: 'sequential' | 'parallel' | undefined;
  readonly timeoutMs?: number | undefined;
}

export const gateSchema: z.ZodType<RemoteGate> = z.strictObject({
  command: z.union([text, z.record(label, text)]),
  mode: z.enum(['sequential', 'parallel']).optional(),
  timeoutMs: z.number().min(0).optional(),
});

/** What is run in a new workspace. */
export interface RemoteSetup {
  readonly command: string;
  readonly timeoutMs?: number | undefined;
}

export const setupSchema: z.ZodType<RemoteSetup> = z.strictObject({
  command: text,
  timeoutMs: z.number().min(0).optional(),
});

/**
 * What a worker must have, and must be allowed to do, to take a workspace. For each requirement there is one queue: a worker listens to
 * those that it meets.
 */
export interface Requirement {
  /** A name of the repository, by which the worker's operator knows where to fetch it from. */
  readonly repository: string;
  /** For a task, or for a gate. */
  readonly kind: 'task' | 'gate';
  /** Labels that the worker must have. */
  readonly runsOn: Readonly<Record<string, string>>;
  /** All agents of the run; empty for a gate. */
  readonly agents: readonly RemoteAgent[];
  /** Of a gate. */
  readonly gate?: RemoteGate | undefined;
  readonly setup?: RemoteSetup | undefined;
}

export const requirementSchema: z.ZodType<Requirement> = z.strictObject({
  repository: label,
  kind: z.enum(['task', 'gate']),
  runsOn: z.record(label, label),
  agents: z.array(agentSchema).max(20),
  gate: gateSchema.optional(),
  setup: setupSchema.optional(),
});

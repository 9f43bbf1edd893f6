import type { AgentExit } from '@pwt/core';
import * as z from 'zod';

const text = z.string().max(64 * 1024);
const count = z.number().min(0).optional();
const usage = z.strictObject({ inputTokens: count, outputTokens: count, costUsd: count });

/** What a worker may say of an agent's end. That its machine is lost is for the coordinator to say. */
export const exitSchema: z.ZodType<AgentExit> = z.strictObject({
  kind: z.enum(['exited', 'signalled', 'timed-out', 'idle-timed-out', 'stopped', 'lost']),
  exitCode: z.number().int().optional(),
  signal: text.optional(),
  durationMs: z.number().min(0),
  failure: z
    .strictObject({
      kind: z.enum(['quota', 'auth', 'refused', 'crash', 'model-error']),
      message: text,
      retryAt: z.number().optional(),
    })
    .optional(),
  sessionId: text.optional(),
  usage: usage.optional(),
  noChange: text.optional(),
  lastMessage: text.optional(),
  complaints: z.array(text).max(100).optional(),
}) as z.ZodType<AgentExit>;

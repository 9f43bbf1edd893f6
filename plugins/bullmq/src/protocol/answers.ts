import { PwtError } from '@pwt/core';
import { isObjectId } from '@pwt/git';
import * as z from 'zod';
import { exitSchema } from './exit.js';
import { NAME } from './names.js';
import type { OperationName, Operations, PlacementName, Placements, RunProgress } from './operations.js';
import { workspaceSchema } from './schemas.js';

type Answers = { readonly [O in OperationName]: Operations[O]['answer'] } & {
  readonly [P in PlacementName]: Placements[P]['answer'];
};

const commit = z.string().refine(isObjectId, 'not a full object id');
const ref = z.string().max(500).startsWith('refs/pwt/');
const at = z.strictObject({ ref, commit });
const span = z.number().min(0);

const shipment = z.union([
  z.strictObject({ kind: z.literal('inline'), text: z.string() }),
  z.strictObject({ kind: z.literal('commit'), ref, commit, path: z.string().max(4096) }),
]);

const placed = z.strictObject({
  worker: z.string().regex(NAME),
  workspace: workspaceSchema,
  setup: z.strictObject({ durationMs: span, log: shipment }).optional(),
});

/** What becomes of it is looked at by whoever has asked; here, only what is taken from the exchange. */
const outcome = z.looseObject({
  status: z.string(),
  commit: commit.optional(),
  snapshot: z.looseObject({ commit }).optional(),
});

/** What an answer must be, by operation. Redis can be written to by others than workers, and a worker is another machine. */
const schemas: { readonly [N in keyof Answers]: z.ZodType } = {
  place: placed,
  scratch: placed,
  run: z
    .strictObject({
      exit: exitSchema,
      result: commit.optional(),
      late: at.optional(),
      stdout: shipment,
      stderr: shipment,
      record: z.string().max(64 * 1024),
    })
    .refine(({ result, late }) => (result === undefined) !== (late === undefined), 'no result'),
  attach: z.strictObject({ status: z.enum(['never-started', 'started']), elapsedMs: span.optional() }),
  collect: z.strictObject({
    outcome: outcome.refine(
      (one) => (one.status === 'collected') === (one.commit !== undefined),
      'collected work is a commit',
    ),
    ref: ref.optional(),
    snapshotRef: ref.optional(),
  }),
  changes: z.array(z.looseObject({ path: z.string(), kind: z.string() })),
  move: z.strictObject({ workspace: workspaceSchema, outcome }),
  remove: z.strictObject({ outcome, snapshotRef: ref.optional() }),
  foresee: outcome,
  snapshot: z.strictObject({ snapshot: at.optional() }),
  gate: z.strictObject({
    verdict: z.looseObject({
      status: z.string(),
      durationMs: span,
      parts: z.array(z.looseObject({ name: z.string() })).optional(),
    }),
    logs: z.record(z.string(), shipment),
  }),
  close: z.null(),
};

/** @throws PwtError `PWT_WORKER_JOB_FAILED` for what no worker of this version answers */
export function checkedAnswer<N extends keyof Answers>(name: N, answer: unknown): Answers[N] {
  const { success, error } = schemas[name].safeParse(answer);
  // Not what zod makes of it: that is the same, but for the order of its fields.
  if (success) return answer as Answers[N];
  const [issue] = error.issues;
  throw new PwtError(
    'PWT_WORKER_JOB_FAILED',
    `A job (${name}) was answered with what no worker says: ${issue?.path.join('.')}: ${issue?.message}.`,
    { hint: 'Let only workers of pwt, of this version, take jobs of this queue.' },
  );
}

const progress = z.looseObject({
  elapsedMs: span,
  quietMs: span,
  activities: z
    .array(
      z.looseObject({
        kind: z.enum(['message', 'tool', 'usage', 'error', 'output']),
        text: z.string().max(4096),
      }),
    )
    .max(1000),
  tail: z.string().max(256 * 1024),
  offset: z.int().min(0),
  record: z
    .string()
    .max(64 * 1024)
    .optional(),
});

/** What a worker tells of an agent; `undefined` if it is nothing that one says. */
export function checkedProgress(told: unknown): RunProgress | undefined {
  return progress.safeParse(told).success ? (told as RunProgress) : undefined;
}

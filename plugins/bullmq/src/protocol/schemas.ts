import { isTaskId, type Workspace } from '@pwt/core';
import { isObjectId } from '@pwt/git';
import * as z from 'zod';
import { NAME } from './names.js';
import type {
  AttachRequest,
  CloseRequest,
  CollectRequest,
  ControlMessage,
  GateRunRequest,
  InWorkspace,
  MoveRequest,
  OperationName,
  Operations,
  PlacementName,
  Placements,
  PlaceRequest,
  RemoveRequest,
  RunRequest,
  ScratchRequest,
  SnapshotRequest,
} from './operations.js';
import { agentSchema, gateSchema, setupSchema } from './requirement.js';

/** The most that a job may have, as JSON, in bytes. A run that needs more sends less of what is finished. */
export const MAX_JOB_BYTES: number = 16 * 1024 ** 2;

/** A timer takes no more milliseconds: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const id = z.string().refine(isTaskId, 'not usable as an id');
const commit = z.string().refine(isObjectId, 'not a full object id');
const repository = z.string().regex(NAME);
const word = z.string().max(200);
const line = z.string().max(4096);
const text = z.string().max(4 * 1024 ** 2);
const ms = z.int().min(0).max(MAX_TIMER_MS);
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
/** A path in a repository, as git has it: relative, and inside. */
const path = line.refine(isInside, 'not a path inside of the repository');
const labels = z.record(word, word);

const any = { v: z.literal(1), repository };

/** The worker takes nothing of it but its id. */
export const workspaceSchema: z.ZodType<Workspace> = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._@-]{1,220}$/),
  provider: word,
  kind: z.enum(['task', 'scratch']),
  runId: id,
  taskId: id.optional(),
  path: line,
  branch: line.optional(),
  base: commit,
  host: word.optional(),
}) as z.ZodType<Workspace>;
const inWorkspace = { ...any, workspace: workspaceSchema, latest: commit.optional() };

const key = { runId: id, taskId: id, number: z.int().min(1).max(1_000_000) };
const attempt = z.strictObject({ ...key, timeoutMs: ms, idleTimeoutMs: ms });

/** What workers have pushed themselves, and what the coordinator has offered, can be restored. */
const restoring = z
  .strictObject({ ref: line, commit })
  .refine((work) => isOwnRef(work.ref) || work.ref === `refs/pwt/base/${work.commit}`, {
    path: ['ref'],
    error: 'not a ref that workers push',
  });

const place = z.strictObject({ path: line, line: count.optional(), column: count.optional() });

const claim = z.strictObject({
  pattern: line,
  mode: z.enum(['read', 'write', 'create', 'delete', 'rename']),
  class: z.enum(['exclusive', 'append', 'regenerate']),
  confidence: z.enum(['declared', 'inferred', 'possible']),
  place: place.optional(),
  rule: word,
});
const claims = z.array(claim).max(10_000);

const spec = z.strictObject({
  path: line,
  text,
  firstLine: count.optional(),
  oneLine: z.literal(true).optional(),
  hash: word,
});

const task = z.strictObject({
  id,
  title: line,
  specs: z.array(spec).max(100),
  dependsOn: z.array(id).max(10_000),
  priority: z.number().optional(),
  estimateMs: count.optional(),
  declared: claims.optional(),
  context: z
    .strictObject({
      folder: line.optional(),
      phase: line.optional(),
      documents: z.array(line).max(1000).optional(),
    })
    .optional(),
  verification: z.literal(true).optional(),
  runsOn: labels.optional(),
  source: word.optional(),
  idInSource: line.optional(),
});

const finished = z.strictObject({
  taskId: id,
  title: line,
  isNeeded: z.boolean(),
  commit: commit.optional(),
  paths: z.array(line).max(100_000),
  noChange: text.optional(),
});

const usage = z.strictObject({
  inputTokens: count.optional(),
  outputTokens: count.optional(),
  costUsd: count.optional(),
});

const continuation = z.strictObject({
  feedback: text,
  failure: z.string().max(100).optional(),
  // It becomes an argument of the agent's command line.
  sessionId: z
    .string()
    .regex(/^[^\p{C}\s-][^\p{C}]{0,199}$/u)
    .optional(),
  usedBefore: usage.optional(),
});

const intruded = z.strictObject({
  path,
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

const subject = z.union([
  z.strictObject({ kind: z.literal('tasks'), taskIds: z.array(id).min(1).max(10_000) }),
  z.strictObject({ kind: z.literal('target') }),
]);

const landedAs = z.strictObject({
  commit,
  as: commit,
  over: commit.optional(),
  marked: z.array(path).max(10_000).optional(),
});

const removal = z.strictObject({
  ...inWorkspace,
  containedIn: commit.optional(),
  landedAs: landedAs.optional(),
  force: z
    .array(z.enum(['dirty', 'unmerged']))
    .max(2)
    .optional(),
  reason: line.optional(),
});

/** What a request must be, by operation: whatever else it has, it is refused. */
export const requestSchemas: {
  readonly [O in OperationName]: z.ZodType<Operations[O]['request']>;
} & { readonly [P in PlacementName]: z.ZodType<Placements[P]['request']> } = {
  place: z.strictObject({
    ...any,
    runId: id,
    taskId: id,
    title: line,
    base: commit,
    setup: setupSchema.optional(),
    restore: restoring.optional(),
  }) satisfies z.ZodType<PlaceRequest>,
  scratch: z.strictObject({
    ...any,
    runId: id,
    commit,
    setup: setupSchema.optional(),
  }) satisfies z.ZodType<ScratchRequest>,
  run: z.strictObject({
    ...inWorkspace,
    attempt,
    agents: z.array(agentSchema).min(1).max(20),
    task,
    claims,
    permission: z.enum(['default', 'accept-edits', 'auto', 'bypass']),
    agent: word.optional(),
    prompt: text.optional(),
    promptTemplate: text.optional(),
    marksDone: z.boolean(),
    finished: z.array(finished).max(100_000).optional(),
    continues: continuation.optional(),
  }) as z.ZodType<RunRequest>,
  attach: z.strictObject({ ...inWorkspace, attempt }) as z.ZodType<AttachRequest>,
  collect: z.strictObject({
    ...inWorkspace,
    message: text,
    intruded: z.array(intruded).max(100_000).optional(),
  }) as z.ZodType<CollectRequest>,
  changes: z.strictObject(inWorkspace) as z.ZodType<InWorkspace>,
  move: z.strictObject({
    ...inWorkspace,
    onto: commit,
    message: text,
    lists: z.array(line).max(1000).optional(),
  }) as z.ZodType<MoveRequest>,
  remove: removal as z.ZodType<RemoveRequest>,
  foresee: removal as z.ZodType<RemoveRequest>,
  snapshot: z.strictObject({ ...inWorkspace, reason: line }) as z.ZodType<SnapshotRequest>,
  gate: z.strictObject({
    ...inWorkspace,
    runId: id,
    subject,
    commit,
    gate: gateSchema,
    changedPaths: z.array(line).max(1_000_000).optional(),
    complete: z.boolean().optional(),
  }) as z.ZodType<GateRunRequest>,
  close: z.strictObject({
    ...any,
    runId: id,
    landed: commit.optional(),
  }) satisfies z.ZodType<CloseRequest>,
};

/** What may be said to a worker beside the queue. */
export const controlSchema: z.ZodType<ControlMessage> = z.union([
  z.strictObject({ v: z.literal(1), kind: z.literal('stop'), attempt: z.strictObject(key) }),
  z.strictObject({ v: z.literal(1), kind: z.literal('abort'), job: z.string().min(1).max(1000) }),
]);

/** Relative, no step up, nothing of git's own. */
function isInside(path: string): boolean {
  const names = path.split('/');
  return !names.some(
    (name) =>
      name === '' || name === '.' || name === '..' || name.toLowerCase() === '.git' || name.includes('\0'),
  );
}

const RESTORABLE = /^refs\/pwt\/(?:attempts|unfinished|late|asked)\/(.+)$/;

/** True for a ref below those that workers push, of names that are ids. */
function isOwnRef(ref: string): boolean {
  const names = RESTORABLE.exec(ref)?.[1]?.split('/') ?? [];
  return names.length >= 3 && names.length <= 4 && names.every(isTaskId);
}

import type { CommitId, Workspace } from '@pwt/core';
import * as z from 'zod';

/** For messages and for `Workspace.provider`. */
export const PROVIDER_NAME = 'bullmq';

/** Where a workspace is, and what is known of the work in it. The coordinator's own record; it outlives Redis and workers. */
export interface Placement {
  readonly v: 1;
  /** Of the coordinator's {@link Workspace}. */
  readonly id: string;
  readonly kind: 'task' | 'scratch';
  readonly runId: string;
  readonly taskId?: string | undefined;
  readonly title: string;
  /** Labels that its worker must have. */
  readonly runsOn: Readonly<Record<string, string>>;
  /** The commit that it was made from. */
  readonly start: CommitId;
  /** Where its work was brought since, and how: it is done again where the workspace is made again. */
  readonly moved?: Move | undefined;
  /** The worker that has it, and that worker's own record of it. Absent until one has taken it. */
  readonly home?: Home | undefined;
  /** Counts its homes: the first one is 1. */
  readonly homes: number;
  /** The worker was found lost: the next who needs the workspace has it made again elsewhere. */
  readonly lost?: true | undefined;
  /** A worker is asked to make it. A later process asks again under the same id. */
  readonly placing?: { readonly job: string } | undefined;
  /** The numbers of the attempts that were given to workers. The last one may be running. */
  readonly launched: readonly number[];
  /** The last attempt that has ended, as far as the coordinator has heard. */
  readonly ended?: number | undefined;
  /** Attempts whose workers were lost, and whose results count no more. */
  readonly givenUp: readonly GivenUp[];
  /** The last commit that its worker has made of what is in it, and in which of its homes. */
  readonly latest?: Latest | undefined;
  /** The last work of it that is kept in the project's repository. */
  readonly saved?: Saved | undefined;
  /** The task whose workspace it was, before the worker was lost: what is left there is to be removed. */
  readonly leftOf?: string | undefined;
}

export interface Home {
  readonly worker: string;
  readonly workspace: Workspace;
}

export interface Move {
  readonly onto: CommitId;
  readonly message: string;
  readonly lists?: readonly string[] | undefined;
  /** In which of its homes it was done. */
  readonly at: number;
}

export interface GivenUp {
  readonly number: number;
  readonly worker: string;
}

export interface Latest {
  readonly commit: CommitId;
  readonly at: number;
}

export interface Saved {
  /** The last attempt before it was saved; 0 if there was none. */
  readonly after: number;
  readonly commit: CommitId;
  /** Whether it is in the shape of a snapshot, or a plain commit with all of the work. */
  readonly shape: 'snapshot' | 'commit';
}

/** A placement whose workspace a worker has. */
export type Housed = Placement & { readonly home: Home };

/** For a request to the worker that has it. */
export function latestOf({ latest, homes }: Placement): { readonly latest?: CommitId } {
  return latest?.at === homes ? { latest: latest.commit } : {};
}

export function isHoused(placement: Placement): placement is Housed {
  return placement.home !== undefined;
}

/** The workspace as the coordinator knows it. */
export function workspaceOf({ id, kind, runId, taskId, start, moved, home }: Housed): Workspace {
  const { path, branch } = home.workspace;
  return {
    ...{ id, provider: PROVIDER_NAME, kind, runId },
    ...(taskId === undefined ? {} : { taskId }),
    path,
    ...(branch === undefined ? {} : { branch }),
    base: moved?.onto ?? start,
    host: home.worker,
  };
}

const text = z.string();
const record = z.record(text, text);
const number = z.int().min(1);

const written = z.looseObject({
  ...{ id: text, provider: text, kind: z.enum(['task', 'scratch']), runId: text, path: text, base: text },
  ...{ taskId: text.optional(), branch: text.optional() },
});

const workspace = z.custom<Workspace>((value) => written.safeParse(value).success);

/** What a file must have to count as a placement. */
export const placementSchema: z.ZodType<Placement> = z.strictObject({
  v: z.literal(1),
  ...{ id: text, kind: z.enum(['task', 'scratch']), runId: text, taskId: text.optional(), title: text },
  ...{ runsOn: record, start: text, homes: z.int().min(0), lost: z.literal(true).optional() },
  moved: z
    .strictObject({ onto: text, message: text, lists: z.array(text).optional(), at: number })
    .optional(),
  home: z.strictObject({ worker: text, workspace }).optional(),
  placing: z.strictObject({ job: text }).optional(),
  launched: z.array(number),
  ended: number.optional(),
  givenUp: z.array(z.strictObject({ number, worker: text })),
  saved: z
    .strictObject({ after: z.int().min(0), commit: text, shape: z.enum(['snapshot', 'commit']) })
    .optional(),
  latest: z.strictObject({ commit: text, at: number }).optional(),
  leftOf: text.optional(),
});

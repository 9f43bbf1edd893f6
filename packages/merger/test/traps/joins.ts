import type { IntegrateOutcome } from '@pwt/core';
import { expectUntouched } from '../landing.js';
import { type Files, repositoryWith, type TestRepository } from '../repository.js';

/** Two sides of one base, and what joining them gives; no checkout is touched by it. */
export interface Joined {
  readonly repository: TestRepository;
  readonly onto: string;
  readonly commit: string;
  readonly outcome: IntegrateOutcome;
}

export async function join(
  repository: TestRepository,
  onto: string,
  commit: string,
): Promise<IntegrateOutcome> {
  const subject = { kind: 'tasks', taskIds: ['1'] } as const;
  const request = { runId: 'r1', subject, onto, commit, message: 'join' };
  return expectUntouched(repository, () => repository.merger.integrate(request));
}

/** Joins what two sides have made of some files. */
export async function joinOf(start: Files, ours: Files, theirs: Files): Promise<Joined> {
  const { repository, base } = await repositoryWith(start);
  const onto = await repository.side(base, ours);
  const commit = await repository.side(base, theirs);
  return { repository, onto, commit, outcome: await join(repository, onto, commit) };
}

/** The files of what was merged, by path; `undefined` where nothing was. */
export async function filesOf({ repository, outcome }: Joined): Promise<Record<string, string> | undefined> {
  if (outcome.status !== 'merged') return undefined;
  const paths = await repository.git.zRecords(['ls-tree', '-r', '-z', '--name-only', outcome.commit]);
  const contents = await Promise.all(paths.map((path) => repository.show(outcome.commit, path)));
  return Object.fromEntries(paths.map((path, index) => [path, contents[index] ?? '']));
}

/** Twenty lines: so many that a renamed file is found again after an edit. */
export function text(edits: Readonly<Record<number, string>> = {}, name = 'line'): string {
  return Array.from({ length: 20 }, (_, index) => `${edits[index] ?? `${name} ${index}`}\n`).join('');
}

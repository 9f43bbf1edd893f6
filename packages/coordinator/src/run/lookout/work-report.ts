import { type Blame, compareWork, type RepositoryChange, type RepositoryState } from '@pwt/core';
import { recordBlamed } from './blame.js';
import type { LookoutContext } from './lookout-context.js';

/** So many paths of one change are asked about one by one. */
const MOST_ASKED = 200;

export interface WorkSeen {
  readonly last: RepositoryState;
  readonly state: RepositoryState;
  /** The state at which work was last reported. */
  readonly before: RepositoryState;
  /** Report all that is new, whatever was reported before. */
  readonly all: boolean;
  /** False while a branch of pwt's own may be among the refs without being known as such. */
  readonly mayTellRefs: boolean;
}

type BlameOf = (change: RepositoryChange) => Promise<Blame>;

/**
 * Reports what changes in the user's checkout and among the refs. What an agent is known to have done is reported at once,
 * each time. All else is mostly the user's own work: reported at once the first time, and from then on together at the end.
 */
export class WorkReport {
  readonly #context: LookoutContext;
  /** Tasks that had an agent since work was last reported. */
  #ran = new Set<string>();
  /** What was said of who changed a file or ref, when that was seen. */
  readonly #blames = new Map<string, Blame>();
  #told = false;

  constructor(context: LookoutContext) {
    this.#context = context;
  }

  ran(taskId: string): void {
    this.#ran.add(taskId);
  }

  /** Returns what later work is to be compared with. */
  async report(seen: WorkSeen, blameOf: BlameOf): Promise<RepositoryState> {
    const before = await this.#reportEscapes(seen, blameOf);
    const { state, all, mayTellRefs } = seen;
    if ((this.#told && !all) || !mayTellRefs) return before;
    const work = compareWork(before, state);
    if (work.length === 0) return before;
    const ran = [...this.#ran];
    this.#told = true;
    this.#ran = new Set(this.#context.agents.taskIds);
    for (const change of work) await recordBlamed(this.#context, change, this.#allBlames(change, ran));
    this.#blames.clear();
    return state;
  }

  /** Reports what agents are known to have done since the last look, and returns the state with that in it. */
  async #reportEscapes(
    { last, state, before, mayTellRefs }: WorkSeen,
    blameOf: BlameOf,
  ): Promise<RepositoryState> {
    let reported = before;
    for (const change of compareWork(last, state)) {
      if (change.kind === 'refs' && !mayTellRefs) continue;
      const known = new Map<string, { blame: Blame; subjects: string[] }>();
      for (const subject of (change.subjects ?? []).slice(0, MOST_ASKED)) {
        const blame = await blameOf({ ...change, subjects: [subject] });
        this.#blames.set(keyOf(change, subject), blame);
        if (blame.status !== 'known') continue;
        const key = `${blame.taskIds.join('\0')}\0${blame.evidence}`;
        const group = known.get(key) ?? { blame, subjects: [] };
        group.subjects.push(subject);
        known.set(key, group);
      }
      for (const { blame, subjects } of known.values()) {
        const [told] = compareWork(reported, withSubjects(reported, state, change.kind, subjects)).filter(
          ({ kind }) => kind === change.kind,
        );
        if (told !== undefined) await recordBlamed(this.#context, told, blame);
        reported = withSubjects(reported, state, change.kind, subjects);
      }
    }
    return reported;
  }

  /** What was said of all that is part of a change: those who may have made any of it. */
  #allBlames(change: RepositoryChange, ran: readonly string[]): Blame {
    const blames = (change.subjects ?? []).map((subject) => this.#blames.get(keyOf(change, subject)));
    if (blames.some((blame) => blame === undefined)) return { status: 'unclear', taskIds: ran };
    const mayBe = blames.filter((blame) => blame !== undefined && blame.status !== 'nobody');
    if (mayBe.length === 0) return { status: 'nobody' };
    const taskIds = [...new Set(mayBe.flatMap((blame) => blame.taskIds))];
    const atWork = mayBe.every((blame) => blame.status === 'unclear' && blame.atWork);
    return { status: 'unclear', taskIds, ...(atWork && { atWork }) };
  }
}

function keyOf({ kind }: RepositoryChange, subject: string): string {
  return `${kind}\0${subject}`;
}

/** A state in which these files or refs are as in another one. */
function withSubjects(
  base: RepositoryState,
  state: RepositoryState,
  kind: RepositoryChange['kind'],
  subjects: readonly string[],
): RepositoryState {
  if (kind === 'refs') return { ...base, refs: taken(base.refs, state.refs, subjects) };
  return { ...base, files: taken(base.files ?? {}, state.files ?? {}, subjects) };
}

function taken<T>(
  base: Readonly<Record<string, T>>,
  from: Readonly<Record<string, T>>,
  keys: readonly string[],
): Record<string, T> {
  const result = { ...base };
  for (const key of keys) {
    const value = from[key];
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}

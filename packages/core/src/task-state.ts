import type { Continuing, EndedAttempt, MovedWorkspace, Question } from './attempt.js';
import type { ReachedCap } from './budget.js';
import type { Claim } from './claim.js';
import type { Blocker } from './event.js';
import type { TaskFigures } from './figures.js';
import type { Verdict } from './gate.js';
import type { AgentActivity, AgentExit } from './launcher.js';
import type { ConflictedPath } from './merger.js';
import type { TaskSighting } from './sighting.js';
import type { GoodStatus, RejectedStatus, TaskFailure } from './summary.js';
import type { Task } from './task.js';
import type { ChangedPath, CommitId, RemoveOutcome, Workspace } from './workspace.js';

/** What is known of a task whatever its phase. */
interface PlannedFacts {
  readonly task: Task;
  /** Those of the plan, and those that were added during the run. */
  readonly claims: readonly Claim[];
  readonly unknownScope: boolean;
  /** Counts from 1; 0 before the first dispatch. */
  readonly attempt: number;
  /** The attempts before this one, the first one first. */
  readonly attempts: readonly EndedAttempt[];
  /** Of this attempt. */
  readonly figures: TaskFigures;
}

/** All facts that can be known about an attempt. Times are in milliseconds since the epoch. */
interface AttemptFacts {
  readonly blockedBy: Blocker;
  /** Set if the next attempt, or this one, goes on with the work of the one before. */
  readonly continues: Continuing;
  /** Which of the launcher's agents has this attempt; absent: the launcher has one. */
  readonly agentName: string;
  readonly base: CommitId;
  readonly stateDir: string;
  readonly dispatchedAt: number;
  readonly workspace: Workspace;
  readonly workspaceGone: boolean;
  /** Why the workspace could not be removed the last time. */
  readonly workspaceKept: Extract<RemoveOutcome, { readonly status: 'kept' }>;
  readonly launchedAt: number;
  /** What the launcher says of it; see `AgentRun.details`. */
  readonly agent: Readonly<Record<string, string | number>>;
  readonly activity: AgentActivity;
  readonly sessionId: string;
  /** Why its agent is stopped, or was. */
  readonly capped: ReachedCap;
  /** What a person is asked about the running agent, or was. */
  readonly question: Question;
  /** A person wants its agent stopped. */
  readonly stopping: boolean;
  readonly exit: AgentExit;
  readonly exitedAt: number;
  /** What the radar saw of it last; absent if nothing is in its way. */
  readonly sighting: TaskSighting;
  /** The commit that holds the task's work. */
  readonly commit: CommitId;
  readonly changes: readonly ChangedPath[];
  /** Changed paths that no claim covered. */
  readonly outside: readonly string[];
  /** What the work was joined to: the first parent of `integratedAs`. */
  readonly onto: CommitId;
  /**
   * The old history on which the work was made, if the target was rewritten since: only the changes of the task are merged,
   * and nothing of that history.
   */
  readonly over: CommitId;
  readonly conflicts: readonly ConflictedPath[];
  /** Of a task that has ended: what became of bringing its workspace onto another base, for a person to resolve. */
  readonly resolving: MovedWorkspace;
  /** Why a person has rejected the work, in that person's words: the task goes back to its agent next. */
  readonly sentBack: string;
  /**
   * Of the last gate that ran on a commit with the task's work in it, alone or with that of others; of an integrated task, of
   * the gate that let it through.
   */
  readonly verdict: Verdict;
  /** The fingerprint of that gate. */
  readonly judgedBy: string;
  /** The commit of the integration ref that integrated the task. */
  readonly integratedAs: CommitId;
  /** Kept while the work is put on top of a rewritten target. */
  readonly integratedAt: number;
  /** Why an integrated task needed no change: what its agent states, or that it was a check. It may have no commit of its own. */
  readonly noChange: string;
  readonly reason: string;
  readonly failure: TaskFailure;
  /** When the task was integrated or rejected; integrated again, when it was so the first time. */
  readonly endedAt: number;
}

/** What is known for certain in each phase: what the phase before it knew, and what has happened since. */
interface Known {
  readonly waiting: never;
  readonly dispatched: 'base' | 'stateDir' | 'dispatchedAt';
  readonly prepared: Known['dispatched'] | 'workspace';
  readonly launching: Known['prepared'];
  readonly running: Known['launching'] | 'launchedAt';
  readonly exited: Known['launching'] | 'exit' | 'exitedAt';
  readonly collected: Known['exited'] | 'commit' | 'changes';
  readonly audited: Known['collected'] | 'outside';
}

type WorkspaceFacts = 'workspace' | 'workspaceGone' | 'workspaceKept';

/** What may be known in addition. */
interface Possible {
  /** A task that goes on has its workspace, also while it waits. */
  readonly waiting: 'blockedBy' | 'continues' | 'over' | 'base' | WorkspaceFacts;
  readonly dispatched: 'over' | 'continues' | 'agentName' | WorkspaceFacts;
  readonly prepared: Exclude<Possible['dispatched'], 'workspace'>;
  readonly launching: Possible['prepared'];
  readonly running:
    | Possible['launching']
    | 'agent'
    | 'activity'
    | 'sessionId'
    | 'capped'
    | 'sighting'
    | 'question'
    | 'stopping';
  readonly exited: Possible['running'] | 'launchedAt' | 'resolving';
  readonly collected: Possible['exited'] | 'integratedAt' | 'endedAt';
  readonly audited: Possible['collected'] | 'verdict' | 'judgedBy' | 'conflicts' | 'sentBack';
}

/** The phases of a task that has no outcome yet, in order. Each names the last thing that is known to have happened. */
export type OpenPhase = keyof Known;

/** How far a task has come. `ended`: rejected, with the facts of the phase before. */
export type TaskPhase = OpenPhase | 'integrated' | 'ended';

/** A task in a phase: facts that are known for certain, facts that may be, and no others. */
type In<P extends TaskPhase, K extends keyof AttemptFacts, M extends keyof AttemptFacts> = PlannedFacts & {
  readonly phase: P;
} & Pick<AttemptFacts, K> &
  Partial<Pick<AttemptFacts, M>> & {
    readonly [F in Exclude<keyof AttemptFacts, K | M>]?: never;
  };

type OpenTasks = {
  readonly [P in OpenPhase]: In<P, Known[P], Possible[P]> & { readonly outcome?: never };
};

type EndedTasks = {
  readonly [P in OpenPhase]: In<'ended', Known[P] | 'reason' | 'endedAt', Possible[P] | 'failure'> & {
    readonly outcome: RejectedStatus;
  };
};

/** The state of a task by its phase. */
export interface TaskByPhase extends OpenTasks {
  readonly integrated: In<
    'integrated',
    Known['audited'] | 'onto' | 'integratedAs' | 'integratedAt' | 'endedAt',
    Exclude<Possible['audited'], 'conflicts' | 'sighting' | 'sentBack' | 'endedAt'> | 'noChange'
  > & { readonly outcome: GoodStatus };
  readonly ended: EndedTasks[OpenPhase];
}

/** The state of a task that is in one of these phases: `TaskIn<'collected'>` has a commit. */
export type TaskIn<P extends TaskPhase> = TaskByPhase[P];

/** The state of a task. Its phase says which facts are known. */
export type TaskState = TaskByPhase[TaskPhase];

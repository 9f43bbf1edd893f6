import { basename, join } from 'node:path';
import type { Blame, FindingKind, RepositoryChange } from '@pwt/core';
import { matches } from '@pwt/scope';
import type { AgentWatch } from './agent-watch.js';
import type { GitCommand } from './git-commands.js';
import { type Suspect, type Verdict, type Write, weigh } from './suspects.js';
import { commandText, mayHaveDone } from './which-command.js';

/** What is known when somebody is to be blamed. */
export interface Known {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Of the user's checkout. */
  readonly top: string;
  readonly agents: readonly AgentWatch[];
  /** In the user's checkout, by path. */
  readonly writes: ReadonlyMap<string, Write>;
  /** In the git directory, by path there. */
  readonly gitWrites: ReadonlyMap<string, Write>;
  /** The work of processes is measured. */
  readonly isMeasured: boolean;
}

/** How likely it is that it was no agent, who works in the user's checkout. */
const USER = 3;

/** A command and what it did are not seen at the same instant. */
const NEAR_MS = 400;
const CLOSE_MS = 40;

/** What git alone changes, as a rule: where no agent's git did it, no agent did. */
const BY_GIT: ReadonlySet<FindingKind> = new Set(['head', 'target', 'stash', 'refs', 'checkouts', 'index']);

/** Who made a change of the repository, by the git commands of agents first, then by their processes. */
export function blameFor(change: RepositoryChange, known: Known): Blame {
  const agents = known.agents.filter(({ endedAt }) => endedAt === undefined || endedAt >= known.since);
  const write = writeOf(change, known);
  const byGit = commandsFor(change, agents, known, write);
  if (byGit.length > 0) {
    const commands = byGit.map(({ command }) => commandText(command));
    return {
      status: 'known',
      taskIds: [...new Set(byGit.map(({ agent }) => agent.taskId))],
      evidence: `its git told so: ${[...new Set(commands)].slice(0, 3).join('; ')}`,
    };
  }
  if (!known.isMeasured || write === undefined) {
    const isTraced = agents.length > 0 && agents.every(({ trace }) => trace.isThere);
    if (BY_GIT.has(change.kind) && isTraced) return { status: 'nobody' };
    return { status: 'unclear', taskIds: agents.map(({ taskId }) => taskId) };
  }
  const path = change.subjects?.[0] ?? '';
  const verdict = judge(write, agents, { place: known.top, path, somebody: USER });
  const [first] = verdict.taskIds;
  if (first === undefined) return { status: 'nobody' };
  if (verdict.isCertain)
    return { status: 'known', taskIds: [first], evidence: 'its processes wrote it at that moment' };
  if (BY_GIT.has(change.kind) && agents.every(({ trace }) => trace.isThere)) return { status: 'nobody' };
  return { status: 'unclear', taskIds: verdict.taskIds, atWork: true };
}

/** Weighs agents against each other for a file in a working tree. */
export function judge(
  write: Write,
  agents: readonly AgentWatch[],
  { place, path, somebody }: { readonly place: string; readonly path: string; readonly somebody: number },
): Verdict {
  const claimants = agents.filter((agent) => claims(agent, path));
  const suspects = agents.map(
    (agent): Suspect => ({
      taskId: agent.taskId,
      spans: agent.spans,
      own: ownBytes(agent, write),
      claims: claimants.length === 1 && claimants[0] === agent,
      weight: agent.nearness(place, path, write.to),
    }),
  );
  return weigh(write, suspects, somebody);
}

/** Whether the task of an agent claims the path for more than reading. */
export function claims({ agent }: AgentWatch, path: string): boolean {
  return agent.claims.some(({ mode, pattern }) => mode !== 'read' && matches(pattern, path));
}

/** What the agent wrote in its own workspace about then. */
function ownBytes({ own }: AgentWatch, { from, to }: Write): number {
  let bytes = 0;
  for (const { at, size } of own.values()) if (at >= from - NEAR_MS && at <= to + NEAR_MS) bytes += size;
  return bytes;
}

function commandsFor(
  change: RepositoryChange,
  agents: readonly AgentWatch[],
  { since, top }: Known,
  write: Write | undefined,
): { readonly agent: AgentWatch; readonly command: GitCommand }[] {
  const all = agents.flatMap((agent) =>
    agent.trace.commands
      .filter((command) => (command.endedAt ?? Number.POSITIVE_INFINITY) >= since - NEAR_MS)
      .filter((command) => mayHaveDone(command, change, { top }))
      .map((command) => ({ agent, command })),
  );
  if (write === undefined) return all;
  // On a busy machine, notices are late: of several commands, the last one before it did it.
  const ends = ({ command }: (typeof all)[number]) => command.endedAt ?? Number.POSITIVE_INFINITY;
  const around = all.filter(
    (one) => one.command.startedAt <= write.to + CLOSE_MS && ends(one) >= write.from - NEAR_MS,
  );
  const last = Math.max(...around.map(({ command }) => command.startedAt));
  const near = around.filter((one) => ends(one) >= last);
  // Where the moment is known, a command at another time did not do it.
  return near.length > 0 || change.kind === 'files' || change.kind === 'index' ? near : all;
}

/** When the change was noticed: that of a file, or of the file of git's that holds it. */
function writeOf(
  { kind, subjects = [] }: RepositoryChange,
  { writes, gitWrites, top }: Known,
): Write | undefined {
  const [subject = ''] = subjects;
  const last = (...names: readonly string[]) =>
    names.flatMap((name) => gitWrites.get(name) ?? []).sort((a, b) => b.to - a.to)[0];
  switch (kind) {
    case 'files':
      return writes.get(subject);
    case 'index':
      return last('index');
    case 'head':
      return subject === top ? last('HEAD') : undefined;
    case 'target':
    case 'refs':
    case 'stash':
      return last(subject, 'packed-refs', 'reftable/tables.list');
    case 'hooks':
      return last(subject);
    case 'config':
      return last('config', 'config.worktree', `info/${basename(subject)}`, join(subject));
    default:
      return undefined;
  }
}

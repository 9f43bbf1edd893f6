import { join } from 'node:path';
import type { IntrudedFile, Intrusion } from '@pwt/core';
import { type Git, onlyIgnored } from '@pwt/git';
import type { AgentWatch } from './agent-watch.js';
import { claims, judge } from './blame.js';
import { contentDigest } from './content-digest.js';
import type { GitCommand } from './git-commands.js';
import type { WatchedTree } from './git-repository-watch.js';
import type { Write } from './suspects.js';
import { commandText, switchesHead, writesFiles } from './which-command.js';

/** How likely it is that the user works in the worktree of a running agent. */
const USER = 1;

/** How likely it is that the agent itself works there, if it was awake: nearly all that happens there is its own. */
const OWNER = 30;

/** So many paths of one moment are told. */
const MOST_FILES = 100;

/** A git command that an agent has run in another one's worktree, and that moved HEAD there. */
export function intrusionByCommand(
  agent: AgentWatch,
  command: GitCommand,
  victim: AgentWatch,
): Intrusion | undefined {
  if (!switchesHead(command)) return undefined;
  return {
    taskIds: [agent.taskId],
    victim: victim.taskId,
    workspace: victim.agent.workspace,
    what: 'switched',
    files: [],
    evidence: `its git told so: ${commandText(command)}`,
    byGit: true,
  };
}

/** What others than its owner have written in a worktree, of what was noticed there. */
export async function intrusionByWrites(
  { top, owner, writes }: WatchedTree,
  fresh: readonly string[],
  agents: readonly AgentWatch[],
  git: Git,
): Promise<Intrusion[]> {
  if (owner === undefined) return [];
  const found = new Map<string, Writer & { readonly paths: string[] }>();
  for (const path of fresh.slice(0, MOST_FILES)) {
    const write = writes.get(path);
    if (write === undefined) continue;
    const who = writerOf(path, write, { top, owner, agents });
    if (who === undefined) {
      owner.wrote(path, write.to, write.size ?? 0);
      continue;
    }
    const key = [who.byGit, ...who.taskIds].join('\0');
    const known = found.get(key) ?? { ...who, paths: [] };
    known.paths.push(path);
    found.set(key, known);
  }
  const intrusions = await Promise.all(
    [...found.values()].map(async ({ paths, ...writer }): Promise<Intrusion[]> => {
      const ignored = new Set(await onlyIgnored(git, paths));
      const files = await filesAt(
        top,
        paths.filter((path) => !ignored.has(path)),
      );
      if (files.length === 0) return [];
      const { taskId: victim, agent } = owner;
      return [{ ...writer, victim, workspace: agent.workspace, what: 'wrote', files }];
    }),
  );
  return intrusions.flat();
}

/** Who wrote a file, and how that is known. */
type Writer = Pick<Intrusion, 'taskIds' | 'evidence' | 'byGit'>;

/** Who wrote a file in the worktree of another task; `undefined`: its owner, or nobody that is known. */
function writerOf(
  path: string,
  write: Write,
  {
    top,
    owner,
    agents,
  }: { readonly top: string; readonly owner: AgentWatch; readonly agents: readonly AgentWatch[] },
): Writer | undefined {
  const others = agents.filter((agent) => agent !== owner && (agent.endedAt ?? write.to) >= write.from);
  for (const agent of others) {
    const command = agent.trace.commands.find(
      (command) =>
        command.worktree === top &&
        writesFiles(command) &&
        command.startedAt <= write.to + 200 &&
        (command.endedAt ?? write.to) >= write.from - 200,
    );
    if (command) {
      const evidence = `its git told so: ${commandText(command)}`;
      return { taskIds: [agent.taskId], evidence, byGit: true };
    }
  }
  const isOwners = owner.trace.commands.some(
    ({ startedAt, endedAt = write.to }) => startedAt <= write.to + 200 && endedAt >= write.from - 200,
  );
  // What lies in its own claims is the owner's: only the git of another tells otherwise.
  if (isOwners || claims(owner, path)) return undefined;
  const own = judge(write, [owner], { place: top, path, somebody: 0 }).taskIds.length > 0 ? OWNER : 0;
  const verdict = judge(write, others, { place: top, path, somebody: USER + own });
  const [first] = verdict.taskIds;
  if (first !== undefined && verdict.isCertain)
    return { taskIds: [first], evidence: 'its processes wrote it at that moment' };
  if (own > 0 || verdict.taskIds.length === 0) return undefined;
  return { taskIds: verdict.taskIds, evidence: 'the agent whose worktree it is slept at that moment' };
}

async function filesAt(top: string, paths: readonly string[]): Promise<IntrudedFile[]> {
  const files = await Promise.all(
    paths.map(async (path) => ({ path, digest: await contentDigest(join(top, path)) })),
  );
  return files.filter((file): file is IntrudedFile => file.digest !== undefined);
}

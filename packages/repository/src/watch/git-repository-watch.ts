import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Blame,
  FollowedAgent,
  RepositoryChange,
  RepositoryWatch,
  WatchBlind,
  WatchRequest,
} from '@pwt/core';
import { type Git, readGitDir } from '@pwt/git';
import { type SeenProcess, WorkMeter } from '@pwt/process';
import { AgentWatch } from './agent-watch.js';
import { blameFor } from './blame.js';
import { blindBy } from './blind.js';
import { CheckoutTree } from './checkout-tree.js';
import type { GitCommand } from './git-commands.js';
import { GitDirWatch } from './git-dir-watch.js';
import { intrusionByCommand, intrusionByWrites } from './intrusions.js';
import type { Write } from './suspects.js';
import { foldersOf } from './tree-watch.js';
import { concernsOthers } from './which-command.js';

/** How often the processes of agents are looked at, at least and at most. */
const LOOK_MS = 200;
const SLOWEST_MS = 2000;

/** Looks take at most this fraction of the time (1 in n), also where something changes all the time. */
const TIME_SHARE = 90;

/** A look at once comes no sooner after another one, and some of them may follow one another without a pause. */
const SOONEST_MS = 15;
const MOST_ALLOWED_MS = 30;

/** What was noticed waits so long for more of it. */
const GATHER_MS = 150;

/** What an ended agent has done is remembered so long. */
const REMEMBER_MS = 60_000;

/** Notices of a path within this time are of one write. */
const SAME_MS = 50;

/** So many writes that were noticed are remembered for each working tree. */
const MOST_WRITES = 2000;

/** A working tree whose files are watched, with what was written in it and not yet judged. */
export interface WatchedTree {
  readonly top: string;
  /** The agent that works there; `undefined`: it is the user's checkout. */
  readonly owner: AgentWatch | undefined;
  readonly writes: Map<string, Write>;
  readonly fresh: Set<string>;
  tree: CheckoutTree | undefined;
}

export interface GitRepositoryWatchOptions {
  /** Runs at the top of the user's checkout. */
  readonly git: Git;
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /** How many folders may be watched. @default a third of what the system gives a user */
  readonly mostWatches?: number;
}

/**
 * Watches the user's checkout, the git directory and the worktrees of running agents by what the system tells of changes, and the
 * agents by their processes and their git commands. Where nothing changes, it costs a look at the agents' processes, five times a
 * second.
 */
export class GitRepositoryWatch implements RepositoryWatch {
  readonly #git: Git;
  readonly #commonDir: string;
  readonly #request: WatchRequest;
  readonly #agents = new Map<string, AgentWatch>();
  readonly #trees = new Map<string, WatchedTree>();
  /** What was changed in the git directory, by its path there. */
  readonly #gitWrites = new Map<string, Write>();
  readonly #meter = WorkMeter.isAvailable ? new WorkMeter() : undefined;
  readonly #foldersAt = new Map<string, Promise<Set<string>>>();
  #gitDirWatch: GitDirWatch | undefined;
  #user: WatchedTree | undefined;
  #timer: NodeJS.Timeout | undefined;
  #gather: NodeJS.Timeout | undefined;
  #gitChanged = false;
  #lookedAt = 0;
  #looks = 0;
  readonly #mostWatches: number;
  /** What was told that is not seen. */
  readonly #blind = new Set<string>();
  #tookMs = 0;
  readonly #took: number[] = [];
  /** The time that looks at once may still take. */
  #allowedMs = MOST_ALLOWED_MS;
  #allowedAt = 0;
  #stopped = false;
  #judging: Promise<void> = Promise.resolve();

  private constructor(
    { git, commonDir, mostWatches = watchesHere() }: GitRepositoryWatchOptions,
    request: WatchRequest,
  ) {
    this.#git = git;
    this.#commonDir = commonDir;
    this.#request = request;
    this.#mostWatches = mostWatches;
  }

  static async open(options: GitRepositoryWatchOptions, request: WatchRequest): Promise<GitRepositoryWatch> {
    const watch = new GitRepositoryWatch(options, request);
    await watch.#begin();
    return watch;
  }

  follow(agents: readonly FollowedAgent[]): void {
    if (this.#stopped) return;
    const now = Date.now();
    const running = new Set(agents.map(({ stateDir }) => stateDir));
    for (const [key, agent] of this.#agents) {
      if (!running.has(key) && agent.endedAt === undefined) this.#ended(agent, now);
      if (agent.endedAt !== undefined && now - agent.endedAt > REMEMBER_MS) this.#agents.delete(key);
    }
    for (const agent of agents) if (!this.#agents.has(agent.stateDir)) this.#started(agent, now);
    if (running.size > 0) this.#schedule(LOOK_MS);
  }

  async blame(change: RepositoryChange, since: number): Promise<Blame> {
    await this.#readTraces();
    return blameFor(change, {
      since,
      top: this.#user?.top ?? '',
      agents: [...this.#agents.values()],
      writes: this.#user?.writes ?? new Map(),
      gitWrites: this.#gitWrites,
      isMeasured: this.#meter !== undefined,
    });
  }

  /** How often the processes of agents were looked at. */
  get looks(): number {
    return this.#looks;
  }

  /** How many working trees are watched. */
  get treeCount(): number {
    return this.#trees.size;
  }

  async settle(): Promise<void> {
    await nextTurn();
    if (this.#gather !== undefined) this.#judgeNow();
    await this.#judging;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#gather);
    this.#gitDirWatch?.close();
    for (const { tree } of this.#trees.values()) tree?.close();
    await this.#judging.catch(() => undefined);
  }

  async #begin(): Promise<void> {
    const commonDir = this.#commonDir;
    const [gitDir, top] = await Promise.all([readGitDir(this.#git), realpath(this.#git.cwd)]);
    const { ownBranches } = this.#request;
    this.#gitDirWatch = new GitDirWatch({
      ...{ commonDir, gitDir, ownBranches },
      onChange: (path) => this.#gitDirChanged(commonDir, path),
      onBlind: (blind) => this.#tellBlind(blind),
    });
    const [listed] = await Promise.all([
      this.#git.run(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
        okExitCodes: [0, 128],
      }),
      this.#gitDirWatch.begin(),
    ]);
    if (this.#stopped) return;
    this.#user = this.#watchTree(top, undefined, foldersOf(listed.stdout.split('\0').filter(Boolean)));
  }

  #started(agent: FollowedAgent, now: number): void {
    const watched = new AgentWatch(agent, now);
    this.#agents.set(agent.stateDir, watched);
    this.#prepare(watched).catch((error: unknown) => {
      if (watched.endedAt === undefined) this.#failed(`the worktree of task ${agent.taskId}`, error);
    });
  }

  async #prepare(agent: AgentWatch): Promise<void> {
    const { workspace } = agent.agent;
    const top = realpathSync(workspace.path);
    agent.top = top;
    // The top at once; which folders there are is known only after git has started.
    const { tree } = this.#watchTree(top, agent, []);
    const [folders] = await Promise.all([this.#foldersOf(workspace.base), agent.begin()]);
    if (agent.endedAt === undefined && !this.#stopped) tree?.add(folders);
  }

  #ended(agent: AgentWatch, now: number): void {
    // Its processes are gone: the next look finds that, and what its git has told is complete.
    this.#look();
    agent.endedAt = now;
    const watched = this.#trees.get(agent.top ?? '');
    // What the system has noticed in its worktree comes with the next turn, and is still to be judged.
    this.#judging = this.#judging.then(async () => {
      await nextTurn();
      watched?.tree?.close();
    });
    this.#judgeSoon();
  }

  #watchTree(top: string, owner: AgentWatch | undefined, folders: Iterable<string>): WatchedTree {
    this.#trees.get(top)?.tree?.close();
    const watched: WatchedTree = { top, owner, writes: new Map(), fresh: new Set(), tree: undefined };
    watched.tree = new CheckoutTree({
      ...{ git: this.#git, top, folders },
      onBlind: (blind) => this.#tellBlind(blind),
      mayAdd: () => this.#watchCount() < this.#mostWatches,
      onChange: (path, isNew) => this.#fileChanged(watched, path, isNew),
    });
    this.#trees.set(top, watched);
    return watched;
  }

  #watchCount(): number {
    let count = 0;
    for (const { tree } of this.#trees.values()) count += tree?.size ?? 0;
    return count;
  }

  /** The folders of a commit; the worktrees of a run start from few of them. */
  #foldersOf(commit: string): Promise<Set<string>> {
    const known = this.#foldersAt.get(commit);
    if (known !== undefined) return known;
    const found = this.#git
      .run(['ls-tree', '-r', '-d', '-z', '--name-only', '--full-tree', commit])
      .then(({ stdout }) => new Set(stdout.split('\0').filter(Boolean)));
    this.#foldersAt.set(commit, found);
    if (this.#foldersAt.size > 4) this.#foldersAt.delete(this.#foldersAt.keys().next().value ?? '');
    return found;
  }

  #fileChanged(watched: WatchedTree, path: string, isNew: boolean): void {
    const now = Date.now();
    this.#lookSoon(now);
    noteWrite(watched.writes, path, { file: join(watched.top, path), now, isNew });
    watched.fresh.add(path);
    this.#judgeSoon();
  }

  #gitDirChanged(commonDir: string, path: string): void {
    const now = Date.now();
    this.#lookSoon(now);
    noteWrite(this.#gitWrites, path, { file: join(commonDir, path), now, isNew: false });
    this.#gitChanged = true;
    this.#judgeSoon();
  }

  /** Looks at once, unless that was just done or would take too much of the time. */
  #lookSoon(now: number): void {
    this.#allowedMs = Math.min(MOST_ALLOWED_MS, this.#allowedMs + (now - this.#allowedAt) / TIME_SHARE);
    this.#allowedAt = now;
    if (this.#allowedMs <= 0 || now - this.#lookedAt < SOONEST_MS) return;
    this.#look();
    this.#allowedMs -= this.#tookMs;
  }

  #look(): void {
    const marks = new Map<string, AgentWatch>();
    for (const watched of this.#agents.values()) {
      if (watched.agent.mark !== undefined && watched.endedAt === undefined)
        marks.set(watched.agent.mark, watched);
    }
    const startedAt = performance.now();
    const { done, seen } = this.#meter?.look(new Set(marks.keys())) ?? {
      done: undefined,
      seen: [] as SeenProcess[],
    };
    const now = Date.now();
    const tops = [...this.#trees.keys()];
    const places = (agent: AgentWatch) => tops.filter((top) => top !== agent.top);
    let traced = this.#meter === undefined;
    for (const [mark, agent] of marks) {
      const work = done?.get(mark) ?? { asleep: false, lost: true, written: 0 };
      if (agent.worked(work, places(agent), now)) traced = true;
    }
    for (const started of seen) {
      const agent = marks.get(started.mark);
      if (agent !== undefined) agent.saw(started, places(agent), now);
    }
    this.#lookedAt = now;
    this.#looks += 1;
    // The least of late: on a busy machine, a look that had to wait did not take longer.
    this.#took.push(performance.now() - startedAt);
    if (this.#took.length > 8) this.#took.shift();
    this.#tookMs = Math.min(...this.#took);
    if (traced) this.#judgeSoon();
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if ([...this.#agents.values()].every(({ endedAt }) => endedAt !== undefined)) return;
      if (Date.now() - this.#lookedAt >= LOOK_MS / 2) this.#look();
      this.#schedule(Math.min(SLOWEST_MS, Math.max(LOOK_MS, this.#tookMs * TIME_SHARE)));
    }, ms);
    this.#timer.unref();
  }

  #judgeSoon(): void {
    if (this.#gather !== undefined || this.#stopped) return;
    this.#gather = setTimeout(() => this.#judgeNow(), GATHER_MS);
    this.#gather.unref();
  }

  #judgeNow(): void {
    clearTimeout(this.#gather);
    this.#gather = undefined;
    if (Date.now() - this.#lookedAt > GATHER_MS / 2) this.#look();
    this.#judging = this.#judging
      .then(() => this.#judge())
      .catch((error: unknown) => this.#failed('what was noticed', error));
  }

  /** What fails here is seen by the looks of others, if at all. */
  #failed(what: string, error: unknown): void {
    const blind = blindBy(error);
    if (blind !== undefined) this.#tellBlind({ ...blind, reason: `${what}: ${blind.reason}` });
  }

  /** Each reason once; that there are no more watches, once. */
  #tellBlind(blind: WatchBlind): void {
    const key = blind.status === 'full' ? blind.status : blind.reason;
    if (this.#stopped || this.#blind.has(key)) return;
    this.#blind.add(key);
    this.#request.onBlind?.(blind);
  }

  async #judge(): Promise<void> {
    await this.#user?.tree?.settled();
    const commands = await this.#readTraces();
    const agents = [...this.#agents.values()];
    const { onNotice, onIntrusion } = this.#request;
    for (const { agent, command } of commands) {
      if (concernsOthers(command, agent.top)) this.#gitChanged = true;
      const victim = agents.find(
        (other) => other !== agent && other.endedAt === undefined && other.top === command.worktree,
      );
      const found = victim && intrusionByCommand(agent, command, victim);
      if (found) onIntrusion(found);
    }
    this.#addUp();
    for (const watched of this.#trees.values()) {
      if (watched === this.#user || watched.fresh.size === 0) continue;
      const fresh = [...watched.fresh];
      watched.fresh.clear();
      for (const found of await intrusionByWrites(watched, fresh, agents, this.#git)) onIntrusion(found);
    }
    for (const [top, { owner }] of this.#trees) if (owner?.endedAt !== undefined) this.#trees.delete(top);
    const files = [...(this.#user?.fresh ?? [])];
    this.#user?.fresh.clear();
    const git = this.#gitChanged;
    this.#gitChanged = false;
    if ((files.length > 0 || git) && !this.#stopped) onNotice({ files, git });
  }

  /** Tells each write how much else was written at its time: an agent may have written several files. */
  #addUp(): void {
    const fresh = [...this.#trees.values()].flatMap(({ writes, fresh }) =>
      [...fresh].flatMap((path) => {
        const write = writes.get(path);
        return write === undefined ? [] : [{ writes, path, write }];
      }),
    );
    const total = fresh.reduce((sum, { write }) => sum + (write.size ?? 0), 0);
    for (const { writes, path, write } of fresh)
      writes.set(path, { ...write, others: total - (write.size ?? 0) });
  }

  /** The commands that their git has told of since the last time. */
  async #readTraces(): Promise<{ agent: AgentWatch; command: GitCommand }[]> {
    const agents = [...this.#agents.values()];
    const read = await Promise.all(agents.map(({ trace }) => trace.read().catch((): GitCommand[] => [])));
    return agents.flatMap((agent, index) => (read[index] ?? []).map((command) => ({ agent, command })));
  }
}

/** Keeps the time of a change, and how large the file is. */
function noteWrite(
  writes: Map<string, Write>,
  path: string,
  { file, now, isNew }: { readonly file: string; readonly now: number; readonly isNew: boolean },
): void {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  const isContent = stats?.isFile() === true && Math.abs(now - stats.mtimeMs) < 2000;
  const from = isContent ? Math.min(now, stats.mtimeMs) : now - 5;
  // What follows at once is the same write: a file is made, then filled.
  const before = writes.get(path);
  const isSame = before !== undefined && from - before.to < SAME_MS;
  const size = isContent ? stats.size : undefined;
  writes.delete(path);
  writes.set(path, {
    from: isSame ? Math.min(before.from, from) : from,
    ...{ to: now, size, others: 0, isNew: isNew || (isSame && before.isNew) },
  });
  if (writes.size > MOST_WRITES) writes.delete(writes.keys().next().value ?? '');
}

/** A part of the watches that the system gives a user: others need some, too. */
function watchesHere(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_user_watches', 'utf8')) / 3;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Coordinator, FileJournalStore } from '@pwt/coordinator';
import { type AgentExit, type Attempt, hasCode } from '@pwt/core';
import { Git, listSnapshots, restoreBranch, restoreWorktree } from '@pwt/git';
import { GitMerger } from '@pwt/merger';
import { planSchedule } from '@pwt/planner';
import {
  FixedResourceMonitor,
  makeClaims,
  makeRunOptions,
  makeTask,
  ScriptedLauncher,
  TemporaryRepository,
} from '@pwt/testkit';
import { GitWorktreeProvider } from '@pwt/worktree';
import { expect, it } from 'vitest';
import { settings } from '../src/config/settings.js';
import { cleanWorkspaces } from '../src/operations/clean/clean-workspaces.js';
import type { Project } from '../src/project/project.js';
import { RunStore } from '../src/project/run-store.js';
import { baseFiles, gitIn, lossKinds } from './loss-kinds.js';

/** In full, all endings meet all commands; otherwise so many pairs of them, each with every kind of loss. */
const PROVE = process.env.PWT_PROVE === '1';
const SAMPLED_PAIRS = 2;
const SEED = 7;

const endings = ['failed', 'timed-out', 'conflicted', 'stopped', 'crashed'] as const;
type Ending = (typeof endings)[number];

const DAY_MS = 24 * 60 * 60_000;
const RUN_ID = 'r1';
const WINNER = 'winner';
const IDS = lossKinds.map((_, index) => `t${index}`);

/** A repository with one task for each kind of loss, and everything that outlives a coordinator. */
class LossWorld {
  readonly repository: TemporaryRepository;
  readonly #ending: Ending;
  readonly #launcher: ScriptedLauncher;
  #ready = 0;
  readonly #won = resolvers();
  readonly allReady = resolvers();

  private constructor(repository: TemporaryRepository, ending: Ending) {
    this.repository = repository;
    this.#ending = ending;
    this.#launcher = new ScriptedLauncher(({ request }) => this.#play(request.task.id, request));
  }

  static async create(ending: Ending): Promise<LossWorld> {
    const repository = await TemporaryRepository.create(baseFiles);
    const git = gitIn(repository.env);
    const source = join(repository.parent, 'library');
    mkdirSync(source);
    git(source, 'init', '--quiet');
    writeFileSync(join(source, 's.txt'), 's\n');
    git(source, 'add', '--all');
    git(source, 'commit', '--quiet', '-m', 'library');
    const allow = ['-c', 'protocol.file.allow=always'];
    git(repository.path, ...allow, 'submodule', '--quiet', 'add', source, 'lib');
    git(repository.path, 'commit', '--quiet', '-m', 'with a submodule');
    return new LossWorld(repository, ending);
  }

  get git(): Git {
    return new Git({ cwd: this.repository.path, env: this.repository.env });
  }

  get stateDir(): string {
    return join(this.repository.path, '.git/pwt');
  }

  get project(): Project {
    const { git, stateDir } = this;
    const head = { headCommit: null, commonDir: join(this.repository.path, '.git') };
    return { git, stateDir, repository: head } as unknown as Project;
  }

  provider(git: Git = this.git, now: () => number = Date.now): GitWorktreeProvider {
    const commonDir = join(this.repository.path, '.git');
    return new GitWorktreeProvider({
      git,
      commonDir,
      stateDir: this.stateDir,
      env: this.repository.env,
      worktreeTemplate: settings.worktree.default,
      branchTemplate: settings.branch.default,
      now,
    });
  }

  coordinator(git: Git = this.git): Coordinator {
    return new Coordinator({
      provider: this.provider(git),
      launcher: this.#launcher,
      merger: new GitMerger({ git, commonDir: join(this.repository.path, '.git') }),
      resources: new FixedResourceMonitor(),
      journals: new FileJournalStore({ dir: join(this.stateDir, 'runs') }),
      runsDir: join(this.stateDir, 'runs'),
      sinks: [
        { name: 'test', onEvent: (event) => void (event.type === 'integrated' && this.#won.resolve()) },
      ],
    });
  }

  async start(runId: string): Promise<void> {
    const ids = this.#ending === 'conflicted' ? [WINNER, ...IDS] : IDS;
    const tasks = ids.map((id) => makeTask(id));
    const claims = ids.map((id) => makeClaims(id, `claim-of-${id}`));
    const options = makeRunOptions({ maxInstances: 20, autoMerge: false });
    const { order } = planSchedule({ tasks, claims, maxInstances: 20, separation: 'balanced' });
    const base = await this.repository.git('rev-parse', 'main');
    const coordinator = this.coordinator();
    const running = coordinator.start({ runId, tasks, claims, order, target: 'main', base, options });
    if (this.#ending === 'stopped' && runId === RUN_ID) {
      await this.allReady.promise;
      await coordinator.stop('now');
    }
    await running;
  }

  async #play(
    id: string,
    { attempt }: { attempt: Pick<Attempt, 'workspace' | 'number'> },
  ): Promise<number | Ended> {
    const { path } = attempt.workspace;
    const git = gitIn(this.repository.env);
    if (id === WINNER) {
      writeFileSync(join(path, 'shared.txt'), 'won\n');
      git(path, 'commit', '--quiet', '-a', '-m', 'won');
      return 0;
    }
    if (attempt.number > 1) return 1;
    lossKinds[IDS.indexOf(id)]?.leave(path, git, id);
    if (this.#ending === 'conflicted') {
      writeFileSync(join(path, 'shared.txt'), `changed by ${id}\n`);
      await this.#won.promise;
      return 0;
    }
    if (this.#ending === 'stopped') {
      this.#ready += 1;
      if (this.#ready === IDS.length) this.allReady.resolve();
      return new Promise(() => undefined);
    }
    const exits = { failed: 1, 'timed-out': { kind: 'timed-out' }, crashed: { kind: 'lost' } } as const;
    return exits[this.#ending];
  }

  /** Names of what is not found again by worktrees that are there, snapshots, and branches. */
  async lost(): Promise<string[]> {
    const { repository } = this;
    const git = gitIn(repository.env);
    const folder = await mkdtemp(join(tmpdir(), 'pwt-found-'));
    const entries = await listSnapshots(this.git);
    const lost: string[] = [];
    for (const [index, kind] of lossKinds.entries()) {
      const id = IDS[index] ?? '';
      if (kind.isInRepository?.(repository.path, git, id)) continue;
      const places = [join(repository.parent, `project-wt${id}`)].filter((path) =>
        existsSync(join(path, '.git')),
      );
      for (const entry of entries.filter(({ taskId }) => taskId === id)) {
        const directory = join(folder, `${id}-${entry.number}`);
        await restoreWorktree(this.git, entry, directory);
        places.push(directory);
        await restoreBranch(this.git, entry, `back/${id}/${entry.number}`);
      }
      if (!places.some((place) => kind.isIn(place, git, id))) lost.push(kind.name);
    }
    await rm(folder, { recursive: true, force: true });
    git(repository.path, 'worktree', 'prune');
    return lost;
  }
}

type Ended = Omit<AgentExit, 'durationMs'>;

function resolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** What a user may do afterwards; each must lose nothing, also when it fails. */
const commands: Readonly<Record<string, (world: LossWorld) => Promise<unknown>>> = {
  clean: (world) => clean(world, []),
  'clean --force-*': (world) => clean(world, ['dirty', 'unmerged']),
  async 'retry, twice'(world) {
    await retry(world);
    await retry(world);
  },
  'run again': (world) => world.start('r2'),
  resume: (world) => world.coordinator().resume({ runId: RUN_ID }),
  async 'trash expiry'(world) {
    await clean(world, ['dirty', 'unmerged']);
    const later = world.provider(world.git, () => Date.now() + 30 * DAY_MS);
    const expiries = await later.expire({ olderThanDays: 7 });
    expect(expiries.filter(({ status }) => status === 'deleted')).toEqual([]);
  },
  async 'a full disk in the middle'(world) {
    const gitPath = join(world.repository.parent, 'full-disk-git');
    const full = `case " $* " in *" commit-tree "*) echo "fatal: No space left on device" >&2; exit 128;; esac`;
    writeFileSync(gitPath, `#!/bin/sh\n${full}\nexec git "$@"\n`, { mode: 0o755 });
    const git = new Git({ cwd: world.repository.path, env: world.repository.env, gitPath });
    const provider = world.provider(git);
    for (const workspace of await provider.list()) {
      if (workspace.kind !== 'task') continue;
      await provider.remove({ workspace, force: ['dirty', 'unmerged'] }).catch((error: unknown) => {
        expect(hasCode(error, 'PWT_GIT_FAILED') || hasCode(error, 'PWT_DISK_FULL'), String(error)).toBe(true);
      });
    }
  },
};

function clean(world: LossWorld, force: readonly ('dirty' | 'unmerged')[]) {
  const { project } = world;
  return cleanWorkspaces({ project, provider: world.provider(), runs: new RunStore(project), force });
}

/** Whatever of it can be retried; a run that was stopped is gone on with. */
async function retry(world: LossWorld): Promise<void> {
  const state = await new RunStore(world.project).state(RUN_ID);
  const good = ['integrated', 'landed'];
  const retryable = [...state.tasks.values()].filter(({ outcome }) => outcome && !good.includes(outcome));
  await world.coordinator().resume({ runId: RUN_ID, retry: retryable.map(({ task }) => task.id) });
}

it('every byte that an agent left is found again, whatever is done afterwards', {
  timeout: 3_600_000,
}, async () => {
  const all = endings.flatMap((ending) => Object.keys(commands).map((command) => ({ ending, command })));
  const pairs = PROVE ? all : sample(all, SAMPLED_PAIRS);
  const lost: string[] = [];
  for (const { ending, command } of pairs) {
    const world = await LossWorld.create(ending);
    try {
      await world.start(RUN_ID);
      await commands[command]?.(world);
      lost.push(...(await world.lost()).map((kind) => `${ending}, ${kind}, ${command}`));
    } finally {
      await world.repository.dispose();
    }
  }
  console.log(
    `loss: ${pairs.length * lossKinds.length} of ${all.length * lossKinds.length} cells, ${lost.length} lost`,
  );
  expect(lost).toEqual([]);
});

/** So many of them, the same ones each time (a linear congruential generator). */
function sample<T>(all: readonly T[], amount: number): T[] {
  const left = [...all];
  let state = SEED;
  return Array.from({ length: amount }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return left.splice(state % left.length, 1);
  }).flat();
}

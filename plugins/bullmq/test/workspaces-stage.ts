import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { type Git, listFiles } from '@pwt/git';
import type { WorkspaceProviderHarness } from '@pwt/testkit';
import { GitWorktreeProvider } from '@pwt/worktree';
import type { GitExchange } from '../src/exchange/git-exchange.js';
import type { Fleet } from '../src/fleet/fleet.js';
import { GitMirror } from '../src/worker/mirror/git-mirror.js';
import { openRepository } from '../src/worker/repositories.js';
import { BullmqWorkspaceProvider } from '../src/workspaces/bullmq-workspace-provider.js';
import type { WorkspacesContext } from '../src/workspaces/context.js';
import { PlacementStore } from '../src/workspaces/placement-store.js';
import { deferred } from './deferred.js';
import { DirectFleet, DirectWorker } from './doubles/direct-fleet.js';
import { ExchangeStage, write } from './exchange-stage.js';

/** A project, an exchange, and workers with mirrors of their own: all of it real but Redis and agents. */
export class WorkspacesStage {
  readonly stage: ExchangeStage;
  readonly base: string;
  readonly fleet: DirectFleet;
  readonly git: Git;
  readonly exchange: GitExchange;
  readonly stateDir: string;
  readonly warnings: string[] = [];

  private constructor(
    stage: ExchangeStage,
    base: string,
    git: Git,
    exchange: GitExchange,
    fleet: DirectFleet,
  ) {
    this.stage = stage;
    this.base = base;
    this.git = git;
    this.exchange = exchange;
    this.fleet = fleet;
    this.stateDir = stateDirOf(stage);
  }

  static async open(...names: readonly string[]): Promise<WorkspacesStage> {
    const stage = await ExchangeStage.create({ 'README.md': 'read me\n', 'src/a.txt': 'a\n' });
    const [base, git, exchange] = [await stage.head(), await stage.opened(), await stage.exchange()];
    const workers: DirectWorker[] = [];
    for (const name of names.length === 0 ? ['one'] : names) workers.push(await openWorker(stage, name));
    return new WorkspacesStage(stage, base, git, exchange, new DirectFleet(workers));
  }

  /** As a new process would have one. */
  provider(fleet: Fleet = this.fleet): BullmqWorkspaceProvider {
    const { git, exchange } = this;
    const warn = (message: string) => void this.warnings.push(message);
    const settings = { agents: ['claude'], setup: { command: 'true' }, gate: { command: 'true' } };
    return providerOver(this.stage, { git, repository: 'project', settings, fleet, exchange, warn });
  }

  /** The fleet of a process that dies while something is being placed: it does not get the answer. `asked`: it has asked. */
  dying(): { readonly fleet: Fleet; readonly asked: Promise<void> } {
    return this.#placing((...request) =>
      this.fleet.place(...request).then(() => new Promise<never>(() => undefined)),
    );
  }

  /** A fleet without a worker that may take what is placed. */
  waiting(): { readonly fleet: Fleet; readonly asked: Promise<void> } {
    return this.#placing(
      (_placement, _requirement, _request, { abortSignal } = {}) =>
        new Promise<never>((_, reject) => {
          abortSignal?.addEventListener('abort', () => reject(abortSignal.reason));
        }),
    );
  }

  #placing(place: Fleet['place']): { readonly fleet: Fleet; readonly asked: Promise<void> } {
    const asked = deferred();
    const instead: Fleet['place'] = (...request) => {
      const placed = place(...request);
      void this.fleet.settled().then(asked.resolve);
      return placed;
    };
    const fleet = new Proxy(this.fleet, {
      get: (target, key) => {
        const found = key === 'place' ? instead : Reflect.get(target, key);
        return typeof found === 'function' ? found.bind(target) : found;
      },
    });
    return { fleet, asked: asked.promise };
  }

  worker(name: string): DirectWorker {
    const found = this.fleet.all.find(({ id }) => id === name);
    if (found === undefined) throw new Error(`no worker ${name}`);
    return found;
  }

  harness(): WorkspaceProviderHarness {
    const harness = harnessOf(this.stage, this.base, () => this.provider());
    return {
      ...harness,
      loseMachine: async ({ host = '' }) => {
        this.worker(host).connected = false;
      },
    };
  }
}

function stateDirOf({ folder }: ExchangeStage): string {
  return join(folder, 'pwt');
}

/** A provider as a new process would have one. */
export function providerOver(
  stage: ExchangeStage,
  context: Omit<WorkspacesContext, 'stateDir' | 'placements'>,
): BullmqWorkspaceProvider {
  const [{ git }, stateDir] = [context, stateDirOf(stage)];
  const local = new GitWorktreeProvider({
    ...{ git, commonDir: join(stage.root, '.git'), stateDir, env: stage.env },
    ...{ worktreeTemplate: '../{repo}-wt{id}', branchTemplate: 'feature/{id}' },
  });
  return new BullmqWorkspaceProvider(
    { ...context, stateDir, placements: new PlacementStore(stateDir) },
    local,
  );
}

/** Looks at workspaces where they are: on this machine, for a test. */
export function harnessOf(
  stage: ExchangeStage,
  base: string,
  open: () => BullmqWorkspaceProvider,
): WorkspaceProviderHarness {
  const git = stage.project;
  return {
    provider: open(),
    base,
    reopen: async () => open(),
    write: async ({ path }, file, text) => write(path, { [file]: text }),
    delete: async ({ path }, file) => rmSync(join(path, file)),
    read: async (workspace, file) => readIn(workspace, file),
    async commit({ path }) {
      const there = stage.plain(path);
      await there.run(['add', '--all']);
      await there.run(['commit', '--quiet', '-m', 'agent']);
      return there.text(['rev-parse', 'HEAD']);
    },
    async reset({ path }, commit) {
      await stage.plain(path).run(['reset', '--quiet', '--hard', commit]);
    },
    async filesOf(commit) {
      const files = await listFiles(git, commit);
      const contents = await Promise.all(files.map(({ id }) => git.run(['cat-file', 'blob', id])));
      return Object.fromEntries(files.map(({ path }, index) => [path, contents[index]?.stdout ?? '']));
    },
    dispose: async () => undefined,
  };
}

export function readIn({ path }: Workspace, file: string): string | undefined {
  try {
    return readFileSync(join(path, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function openWorker(stage: ExchangeStage, name: string): Promise<DirectWorker> {
  const folder = join(stage.folder, 'workers', name);
  mkdirSync(folder, { recursive: true });
  const mirror = await GitMirror.open({
    ...{ git: stage.plain(folder), address: stage.remote, path: join(folder, 'mirror.git') },
    ...{ doors: join(folder, 'doors'), wait: async () => undefined, format: stage.format },
  });
  return new DirectWorker(
    name,
    await openRepository({ name: 'project', stateDir: folder, env: stage.env, mirror }),
  );
}

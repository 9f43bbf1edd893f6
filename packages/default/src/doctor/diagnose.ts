import { existsSync } from 'node:fs';
import { parse } from 'node:path';
import { defined, tokens } from '@pwt/core';
import { Git, listWorktrees, readIdentity } from '@pwt/git';
import type { ApprovalOptions } from '../approval/approval-options.js';
import { ApprovalStore } from '../approval/approvals.js';
import { codeApproval } from '../approval/code-approval.js';
import type { Composition } from '../composition/composition.js';
import type { BundledPlugins } from '../composition/plugins/load-plugins.js';
import type { ApproveCode } from '../config/approve-code.js';
import { resolveConfig } from '../config/resolve.js';
import type { ResolvedConfig } from '../config/resolved-config.js';
import { removalOf, untrustedConfig } from '../operations/run/require-trust.js';
import { type Environment, openProject, type Project } from '../project/project.js';
import { PwtCoordinator } from '../pwt-coordinator.js';
import { type Check, failed, type MendableCheck, ok, settle } from './check.js';
import { checkLogs } from './logs.js';
import { checkMachine } from './machine.js';
import { checkLostWorktrees, checkPlaces } from './places.js';
import { checkPlugins } from './plugins.js';
import { checkLeftovers, checkSpecs } from './repository.js';
import { checkGit, checkNode } from './tools.js';
import { checkUnknownRuns } from './unknown-runs.js';
import { checkNotes, checkWreckage } from './wreckage.js';
import { checkWritable } from './writable.js';

export interface DiagnoseRequest {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  readonly configFile?: string;
  /** As for `createCoordinator`. Code that has not been approved is left out and named. */
  readonly approvals?: Pick<ApprovalOptions, 'file'>;
  readonly trustDir?: string;
  /** As for `createCoordinator`. */
  readonly bundledPlugins?: BundledPlugins;
  /** Put right what can be put right without losing anything. @default false: change nothing */
  readonly fix?: boolean;
}

/** Looks at everything that pwt needs. Never throws for what it finds. */
export async function diagnose(request: DiagnoseRequest): Promise<Check[]> {
  return settle(await findEverything(request), request.fix === true);
}

async function findEverything(request: DiagnoseRequest): Promise<MendableCheck[]> {
  const { cwd, env } = request;
  const checks: MendableCheck[] = [
    checkNode(process.versions.node),
    await checkGit(() => new Git({ cwd, env }).version()),
  ];
  const { trustDir } = request;
  const project = await openProject({ cwd, env, ...defined({ trustDir }) }).catch(
    (error: unknown) => void checks.push(failed('repository', error)),
  );
  const approveCode = project && judgeFor(project, request, checks);
  const config = project && (await checkConfig(project, { ...request, approveCode }, checks));
  if (project) {
    checks.push(ok('repository', project.root), ...(await checkProject(project)), ...checkTrust(project));
  }
  const [{ SystemResourceMonitor }, { checkAgents }, { checkSandbox }] = await Promise.all([
    import('@pwt/resources'),
    import('./agents.js'),
    import('./sandbox.js'),
  ]);
  const place = project?.root ?? (existsSync(cwd) ? cwd : parse(cwd).root);
  const monitor = new SystemResourceMonitor({ diskPath: place });
  checks.push(...checkMachine(await monitor.capacity()));
  const coordinator = project && config && coordinatorFor(project, config, request, approveCode);
  try {
    const composition = await composed(coordinator, checks);
    // Where a plugin starts the agents, they may be on other machines: it says itself what it needs.
    if (!composition?.plugins.some(({ plugin }) => plugin.provides.agentLauncher !== undefined))
      checks.push(...(await checkAgents(config, env, place)), await checkSandbox(config, env));
    if (coordinator && composition) checks.push(...(await checkParts(coordinator, composition, request)));
  } finally {
    await coordinator?.dispose();
  }
  return checks;
}

function coordinatorFor(
  project: Project,
  config: ResolvedConfig,
  { bundledPlugins }: DiagnoseRequest,
  approveCode: ApproveCode | undefined,
): PwtCoordinator {
  const warn = () => undefined;
  return new PwtCoordinator({ project, config, overrides: {}, sinks: [], warn, approveCode, bundledPlugins });
}

/** The project with its plugins; `undefined` where there is none, or where one can't be loaded. */
async function composed(
  coordinator: PwtCoordinator | undefined,
  checks: MendableCheck[],
): Promise<Composition | undefined> {
  return coordinator?.composition().catch((error: unknown) => void checks.push(failed('plugins', error)));
}

async function checkParts(
  coordinator: PwtCoordinator,
  composition: Composition,
  { env }: DiagnoseRequest,
): Promise<MendableCheck[]> {
  const checks: MendableCheck[] = [...(await checkPlugins(composition))];
  const { project, container } = composition;
  const add = async (found: () => Promise<readonly MendableCheck[]>): Promise<void> => {
    checks.push(...(await found().catch((error: unknown) => [failed('plugins', error)])));
  };
  // What is wrong with a provider keeps nothing else from being looked at.
  const provider = await container
    .resolve(tokens.workspaceProvider)
    .catch((error: unknown) => void checks.push(failed('plugins', error)));
  if (provider) {
    await add(() => checkPlaces(provider, env));
    await add(() => checkLostWorktrees(provider));
  }
  await add(() => checkWritable(project));
  await add(() => checkWreckage(project));
  if (provider) await add(() => checkNotes(provider, Date.now()));
  await add(() => checkLogs(coordinator));
  await add(() => checkUnknownRuns(coordinator));
  if (provider) await add(() => checkLeftovers(coordinator, provider));
  await add(() => checkSpecs(coordinator));
  return checks;
}

/** Code that has not been approved is a finding, and is not run. */
function judgeFor(
  { root, repository }: Project,
  { approvals }: DiagnoseRequest,
  checks: MendableCheck[],
): ApproveCode | undefined {
  if (approvals === undefined) return undefined;
  const store = new ApprovalStore({ file: approvals.file, repository: repository.commonDir });
  const skip = (message: string) =>
    void checks.push({ name: 'config', status: 'warning', message, fix: 'pwt plan --yes' });
  return codeApproval({ root, store, skip });
}

async function checkConfig(
  project: Project,
  { configFile, approveCode }: DiagnoseRequest & { readonly approveCode: ApproveCode | undefined },
  checks: MendableCheck[],
): Promise<ResolvedConfig | undefined> {
  try {
    const config = await resolveConfig({
      root: project.root,
      approveCode,
      ...defined({ configFile }),
    });
    const note: Check = {
      name: 'config',
      status: 'note',
      message: 'no configuration: the defaults apply',
      fix: 'pwt init',
    };
    checks.push(config.file === undefined ? note : ok('config', config.file));
    return config;
  } catch (error) {
    checks.push(failed('config', error));
    return undefined;
  }
}

/** What agents may have written into the repository's configuration. pwt does not use it; a new run would not start. */
function checkTrust(project: Project): Check[] {
  return untrustedConfig(project).map((entry) => ({
    name: 'trust',
    status: 'warning',
    message: `${entry.file} has a new entry by which git would run a command (${entry.key}); pwt does not use it`,
    fix: removalOf(entry),
  }));
}

async function checkProject({ git, repository }: Project): Promise<Check[]> {
  const checks: Check[] = [];
  if (repository.headCommit === null) {
    const message = 'there is no commit yet';
    checks.push({ name: 'commits', status: 'problem', message, fix: 'git add . && git commit -m "Start"' });
  }
  if (repository.headBranch === null) {
    const message = 'HEAD is detached: name the branch to land on with --target';
    checks.push({ name: 'branch', status: 'warning', message, fix: 'git switch <branch>' });
  }
  if ((await readIdentity(git)) === null) {
    const message = 'git knows no identity of yours; agents commit as pwt <pwt@localhost>';
    checks.push({
      name: 'identity',
      status: 'note',
      message,
      fix: 'git config --global user.name "Your Name"',
    });
  }
  const worktrees = await listWorktrees(git).catch(
    (error: unknown) => void checks.push(failed('worktrees', error)),
  );
  if (worktrees) checks.push(ok('worktrees', 'linked worktrees work here'));
  return checks;
}

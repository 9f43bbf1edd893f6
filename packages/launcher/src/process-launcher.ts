import { mkdir } from 'node:fs/promises';
import {
  type AgentCheck,
  type AgentCheckRequest,
  type AgentInfo,
  type AgentLauncher,
  type Attempt,
  type Clock,
  defined,
  type LaunchRequest,
  type Permission,
  PwtError,
  privateModes,
  systemClock,
  throwIfAborted,
} from '@pwt/core';
import {
  attachSupervised,
  type GitIdentity,
  type RoleEnvironment,
  type Supervised,
  startSupervised,
} from '@pwt/process';
import type { AgentDefinition } from './agents/agent-definition.js';
import { AgentRoster } from './agents/agent-roster.js';
import { agentArguments } from './attempt/arguments.js';
import { AttemptFiles, type AttemptRecord } from './attempt/attempt-files.js';
import { agentEnvironment } from './attempt/environment.js';
import { attemptMark } from './attempt/mark.js';
import { sessionOf } from './attempt/session.js';
import { specPath } from './attempt/spec-path.js';
import { checkAgents } from './check/check-agents.js';
import { programOf } from './check/examine-agent.js';
import { dialects } from './dialects/dialects.js';
import type { ProjectCommand } from './prompt/commands.js';
import { defaultPromptTemplate } from './prompt/default-prompt.js';
import { claimedPatterns, promptFor } from './prompt/prompt.js';
import { FirstStarts } from './run/first-start.js';
import { ProcessRun, type WatchedRun } from './run/process-run.js';
import { Sandbox } from './sandbox/sandbox.js';
import type { SandboxOptions, SandboxRepository } from './sandbox/sandbox-options.js';

export interface ProcessLauncherOptions {
  /** Most preferred first; at least one. Two of one name are told apart by a number: `claude`, `claude-2`. */
  readonly agents: readonly AgentDefinition[];
  /** The environment that the user started pwt with; `roleEnvironment` says what of it the agent gets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What else the agent gets. */
  readonly environment?: RoleEnvironment | undefined;
  /** Absolute. What a command with a slash is relative to. */
  readonly cwd: string;
  /** @default {@link defaultPromptTemplate} */
  readonly promptTemplate?: string;
  /** The commands that the project uses, for agents to know; asked once for each attempt. @default none is told */
  readonly commands?: () => Promise<readonly ProjectCommand[]>;
  /** Tasks are marked as done when they land: agents are told to leave that alone. @default false */
  readonly marksDone?: boolean;
  /** The command line that starts pwt, for the agent to call. Absolute. @default `pwt`, as the agent finds it */
  readonly pwt?: readonly string[];
  /** The git identity for the agent's commits. @default what git finds in the user's configuration */
  readonly gitIdentity?: GitIdentity;
  /** How agents are confined. @default they are not */
  readonly sandbox?: SandboxOptions;
  /** The project's repository, into which the work of confined agents is brought. @default workspaces have no repository */
  readonly repository?: SandboxRepository;
  /** How long a stopped agent may take to end by itself before it is killed. @default 5000 */
  readonly stopGraceMs?: number;
  /**
   * Where it is remembered which agents have worked on which home: the first one starts alone. Absolute. @default it is
   * remembered for the life of the launcher
   */
  readonly startedFolder?: string;
  /** @default the system's clock */
  readonly clock?: Clock;
  /** Whether the agent will run as root, which some agents only accept when told so. @default as this process */
  readonly isRoot?: boolean;
}

/** What an agent is started with, on disk. */
interface Inputs {
  readonly agent: AgentDefinition;
  readonly files: AttemptFiles;
  readonly record: AttemptRecord;
  readonly command: string;
  readonly args: readonly string[];
  /** The path of the spec. */
  readonly spec: string;
}

/**
 * Runs a command per task, under a supervisor that outlives this program. Which of its agents it is, the request says.
 *
 * Before the agent starts, everything about the attempt is written to its state directory: prompt, claims, start time
 * and agent definition. So a later program finds the agent again, with the same limits and the same dialect.
 */
export class ProcessLauncher implements AgentLauncher {
  readonly name = 'process';
  readonly agents: readonly AgentInfo[];
  readonly #options: ProcessLauncherOptions;
  readonly #roster: AgentRoster;
  readonly #firstStarts: FirstStarts;
  readonly #clock: Clock;
  #checked: { readonly permission: Permission; readonly answer: Promise<AgentCheck> } | undefined;
  readonly #sandbox: Sandbox;
  /** What is written for requests whose agents are not started yet. */
  readonly #inputs = new WeakMap<LaunchRequest, Promise<Inputs>>();

  constructor(options: ProcessLauncherOptions) {
    this.#options = options;
    this.#roster = new AgentRoster(options.agents);
    this.#firstStarts = new FirstStarts(options.startedFolder);
    this.agents = this.#roster.infos;
    this.#clock = options.clock ?? systemClock;
    const { sandbox = { mode: 'off' }, repository, env } = options;
    this.#sandbox = new Sandbox({ options: sandbox, repository, env });
  }

  /**
   * Agents are asked once, also where a later request names no permission.
   *
   * @throws PwtError `PWT_AGENT_NOT_FOUND`, `PWT_AGENT_NOT_LOGGED_IN`, `PWT_SANDBOX_UNAVAILABLE`
   */
  async check({ permission }: Partial<AgentCheckRequest> = {}): Promise<AgentCheck> {
    if (
      this.#checked === undefined ||
      (permission ?? this.#checked.permission) !== this.#checked.permission
    ) {
      const asked = permission ?? 'bypass';
      const answer = this.#check(asked);
      this.#checked = { permission: asked, answer };
    }
    return this.#checked.answer;
  }

  async ready(request: LaunchRequest): Promise<void> {
    const inputs = this.#writeInputs(request);
    this.#inputs.set(request, inputs);
    await inputs;
  }

  /**
   * @throws PwtError `PWT_AGENT_UNKNOWN`, `PWT_AGENT_NOT_FOUND`, `PWT_PROMPT_TOO_LONG`
   * @throws PwtError `PWT_ATTEMPT_TAKEN` when this attempt was started before, or fenced by `attach`
   * @throws PwtError `PWT_CWD_NOT_FOUND`, `PWT_PROCESS_START_FAILED`, `PWT_PROCESS_STATE_UNWRITABLE`
   */
  async launch(request: LaunchRequest): Promise<WatchedRun> {
    const { abortSignal } = request;
    throwIfAborted(abortSignal);
    const inputs = await (this.#inputs.get(request) ?? this.#writeInputs(request));
    const { agent, files, command } = inputs;
    const env = this.#environment(request, inputs);
    // A command of the user's own is known to set up nothing.
    if (agent.install === undefined) return this.#start(request, inputs, env);
    const installation = { agent: agent.name, program: command, home: env.HOME ?? '' };
    return this.#firstStarts.start(installation, abortSignal, async (hasWaited) => {
      // The time that it has waited for its turn is not its own.
      const record = { ...inputs.record, ...(hasWaited ? { startedAt: this.#clock.now() } : {}) };
      if (hasWaited) await files.writeRecord(record);
      const run = await this.#start(request, { ...inputs, record }, env);
      return { run, first: { stdout: files.stdout, exited: run.exited } };
    });
  }

  #environment(request: LaunchRequest, { agent, files, spec }: Inputs): Record<string, string> {
    const { env, environment, gitIdentity, isRoot = process.getuid?.() === 0 } = this.#options;
    return agentEnvironment({
      promptFile: files.prompt,
      gitTrace: files.gitTrace,
      claimsFile: files.claims,
      statementFile: files.statement,
      env,
      role: environment,
      agent,
      request,
      spec,
      isRoot,
      gitIdentity,
    });
  }

  async #start(request: LaunchRequest, inputs: Inputs, env: Record<string, string>): Promise<WatchedRun> {
    const { attempt } = request;
    const { agent, files, record, command, args } = inputs;
    const { folders = [] } = agent;
    const places = { folders, reads: this.#options.pwt ?? [], writes: [files.statement] };
    const supervised = await startSupervised({
      ...(await this.#sandbox.confine({ command, args, env, attempt, ...places })),
      cwd: attempt.workspace.path,
      mark: attemptMark(attempt.runId, attempt.taskId, attempt.number),
      dir: files.dir,
      stdoutFile: files.stdout,
      stderrFile: files.stderr,
      ...(agent.prompt === 'stdin' ? { stdinFile: files.prompt } : {}),
    });
    if (supervised.status === 'lease-taken') throw attemptTaken(attempt);
    return this.#run(attempt, files, record, supervised);
  }

  /** @throws PwtError `PWT_LEASE_UNREADABLE` */
  async attach(attempt: Attempt): Promise<WatchedRun | undefined> {
    const files = new AttemptFiles(attempt.stateDir);
    const supervised = await attachSupervised({ dir: files.dir });
    if (supervised.status === 'never-started') {
      await this.#sandbox.bringBack(attempt);
      return undefined;
    }
    return this.#run(attempt, files, await this.#record(files), supervised);
  }

  async #check(permission: Permission): Promise<AgentCheck> {
    const agents = await checkAgents(this.#roster.definitions, this.#options, permission);
    return { ...agents, diagnostics: [...agents.diagnostics, ...(await this.#sandbox.check())] };
  }

  async #writeInputs(request: LaunchRequest): Promise<Inputs> {
    const { attempt, task } = request;
    const agent = this.#roster.named(request.agent);
    const files = new AttemptFiles(attempt.stateDir);
    const [command] = await Promise.all([
      programOf(agent, this.#options),
      mkdir(files.dir, { recursive: true, mode: privateModes.folder }),
    ]);
    const [spec, earlier] = await Promise.all([specPath(request, files.spec), files.record()]);
    const sessionId = sessionOf(agent, request);
    const usedBefore = sessionId === undefined ? undefined : request.continues?.usedBefore;
    const record = { ...this.#newRecord(agent, earlier, request.permission), ...defined({ usedBefore }) };
    const isConfined = (await this.#sandbox.tool()) !== undefined;
    const template = this.#options.promptTemplate ?? defaultPromptTemplate;
    const { pwt, commands, marksDone } = this.#options;
    const known = { pwt, marksDone, commands: await commands?.() };
    const prompt = promptFor(request, { template, sessionId, ...known });
    const paths = { promptFile: files.prompt, claimsFile: files.claims };
    const values = {
      ...paths,
      prompt,
      worktree: attempt.workspace.path,
      taskId: task.id,
      sessionId,
      isConfined,
    };
    const args = agentArguments(agent, request.permission, values);
    await files.writeInputs({
      prompt,
      patterns: claimedPatterns(request.claims),
      spec: spec.text,
      record: isSame(record, earlier) ? undefined : record,
    });
    return { agent, files, record, command, args, spec: spec.path };
  }

  async #run(
    attempt: Attempt,
    files: AttemptFiles,
    record: AttemptRecord,
    supervised: Supervised,
  ): Promise<WatchedRun> {
    const { agent, dialect, startedAt, usedBefore } = record;
    return new ProcessRun({
      limits: attempt,
      folder: attempt.workspace.path,
      agent,
      startedAt,
      supervised,
      files,
      dialect: dialects[dialect],
      usedBefore,
      clock: this.#clock,
      graceMs: this.#options.stopGraceMs ?? 5000,
      stopReason: await files.stopReason(),
      bringBack: () => this.#sandbox.bringBack(attempt),
    });
  }

  /** What is on record says which agent it is, whatever is configured by now. */
  async #record(files: AttemptFiles): Promise<AttemptRecord> {
    const earlier = await files.record();
    if (earlier) return earlier;
    const record = this.#newRecord(this.#roster.named(undefined));
    await files.writeRecord(record);
    return record;
  }

  /** The first start of an attempt is the one that counts for its time limits. */
  #newRecord(agent: AgentDefinition, earlier?: AttemptRecord, permission?: Permission): AttemptRecord {
    const { name } = agent;
    const level = permission === undefined ? undefined : agent.permissions[permission];
    const dialect = level?.dialect ?? agent.dialect;
    return { agent: name, dialect, startedAt: earlier?.startedAt ?? this.#clock.now() };
  }
}

function isSame(record: AttemptRecord, earlier: AttemptRecord | undefined): boolean {
  return record.agent === earlier?.agent && record.dialect === earlier.dialect;
}

function attemptTaken({ stateDir, taskId, number }: Attempt): PwtError {
  return new PwtError(
    'PWT_ATTEMPT_TAKEN',
    `Attempt ${number} of task ${taskId} was started before, or given up.`,
    { hint: 'Find it again with attach(), or start another attempt.', data: { stateDir } },
  );
}

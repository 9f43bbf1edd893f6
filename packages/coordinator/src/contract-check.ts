import {
  type AdvanceOutcome,
  type AgentActivity,
  type AgentExit,
  type AgentRun,
  type CollectOutcome,
  type CommitId,
  type CreatedWorkspace,
  defined,
  type FileEdit,
  type IntegrateOutcome,
  type LandOutcome,
  type MachineSample,
  type MovedOnto,
  type MovedWorkspace,
  misbehaved,
  type PwtError,
  type RemoveOutcome,
  type ResourceSample,
  type Snapshot,
  type Verdict,
  type Workspace,
} from '@pwt/core';

const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The error for a part one of whose methods returned something that its contract does not allow. */
export function wrongAnswer(part: string, method: string, what: string, value: unknown): PwtError {
  return misbehaved(part, `${method} ${what}`, { method, value: String(value) });
}

export function checkCommit(part: string, method: string, value: unknown): CommitId {
  if (typeof value === 'string' && COMMIT_ID.test(value)) return value;
  throw wrongAnswer(part, method, 'must return a full commit id', value);
}

export function checkWorkspace(part: string, method: string, value: unknown): Workspace {
  const workspace = plain<Workspace>(part, method, value);
  for (const key of ['id', 'provider', 'path', 'base'] as const) {
    if (typeof workspace[key] !== 'string' || workspace[key] === '') {
      throw wrongAnswer(part, method, `returned a workspace without "${key}"`, value);
    }
  }
  const { host } = workspace;
  if (host !== undefined && !isText(host))
    throw wrongAnswer(part, method, 'must give "host" as the name of a machine, or leave it out', value);
  return workspace;
}

export function checkCreated(part: string, value: unknown): CreatedWorkspace {
  const { workspace, setup } = plain<CreatedWorkspace>(part, 'create', value);
  checkWorkspace(part, 'create', workspace);
  return { workspace, ...defined({ setup }) };
}

export function checkMoved(part: string, value: unknown, before: Pick<Workspace, 'id'>): MovedOnto {
  const { workspace, outcome } = plain<MovedOnto>(part, 'moveOnto', value);
  checkWorkspace(part, 'moveOnto', workspace);
  if (workspace.id !== before.id)
    throw wrongAnswer(part, 'moveOnto', 'must return the same workspace, wherever it is now', workspace.id);
  const statuses = ['merged', 'conflicted', 'kept'] as const;
  const moved = checkStatus<MovedWorkspace>(part, 'moveOnto', outcome, statuses);
  if (moved.status === 'conflicted' && !hasPaths(moved.paths))
    throw wrongAnswer(part, 'moveOnto', 'must name the paths that conflict', value);
  return { workspace, outcome: moved };
}

/** The data of an agent's run that goes into the log. */
export function checkLaunched(part: string, run: AgentRun): Pick<AgentRun, 'startedAt' | 'details'> {
  const { startedAt, details } = run;
  if (typeof startedAt !== 'number')
    throw wrongAnswer(part, 'launch', 'must return a run with "startedAt"', startedAt);
  return plain(part, 'launch', { startedAt, ...defined({ details }) });
}

export function checkActivity(part: string, value: unknown): AgentActivity {
  const activity = plain<AgentActivity>(part, 'events', value);
  if (typeof activity.kind !== 'string' || typeof activity.text !== 'string')
    throw wrongAnswer(part, 'events', 'must give activities with "kind" and "text"', value);
  checkUsage(part, 'events', 'total', activity.total);
  return activity;
}

export function checkExit(part: string, value: unknown): AgentExit {
  const exit = plain<AgentExit>(part, 'exited', value);
  const known = ['exited', 'signalled', 'timed-out', 'idle-timed-out', 'stopped', 'lost'];
  if (!known.includes(exit.kind) || typeof exit.durationMs !== 'number')
    throw wrongAnswer(part, 'exited', 'must settle with how the agent ended', value);
  checkUsage(part, 'exited', 'usage', exit.usage);
  const { noChange, lostWith } = exit;
  if (lostWith !== undefined && (exit.kind !== 'lost' || !isText(lostWith)))
    throw wrongAnswer(
      part,
      'exited',
      'must name in "lostWith" the machine of an agent that is "lost"',
      value,
    );
  if (noChange !== undefined && (typeof noChange !== 'string' || noChange.trim() === ''))
    throw wrongAnswer(part, 'exited', 'must give "noChange" as a text, or leave it out', value);
  return exit;
}

/** Caps are kept by these figures: one that is no number would make every sum with it none. */
function checkUsage(part: string, method: string, name: string, usage: unknown): void {
  if (usage === undefined) return;
  const isWhole =
    typeof usage === 'object' &&
    usage !== null &&
    !Array.isArray(usage) &&
    isAmount('inputTokens' in usage ? usage.inputTokens : 0) &&
    isAmount('outputTokens' in usage ? usage.outputTokens : 0) &&
    isAmount('costUsd' in usage ? usage.costUsd : 0);
  if (isWhole) return;
  const what = `must give "${name}" with "inputTokens", "outputTokens" and "costUsd" as numbers, 0 or more`;
  throw wrongAnswer(part, method, what, JSON.stringify(usage));
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

export function checkCollected(part: string, value: unknown): CollectOutcome {
  const outcome = checkStatus<CollectOutcome>(part, 'collect', value, ['collected', 'held']);
  // An unknown status must not let work land.
  if (outcome.findings !== undefined && !areFindings(outcome.findings)) {
    const what = 'must return findings with "kind", "severity", "taskIds", "message"';
    throw wrongAnswer(part, 'collect', what, value);
  }
  const hasErrors = outcome.findings?.some(({ severity }) => severity === 'error') ?? false;
  if (outcome.status === 'held') {
    if (hasErrors) return outcome;
    throw wrongAnswer(
      part,
      'collect',
      'must say what holds the work, in a finding of severity "error"',
      value,
    );
  }
  if (hasErrors)
    throw wrongAnswer(part, 'collect', 'must hold work with a finding of severity "error"', value);
  checkCommit(part, 'collect', outcome.commit);
  if (hasPaths(outcome.changes)) return outcome;
  throw wrongAnswer(part, 'collect', 'must return the list of changes', value);
}

export function checkIntegrated(part: string, value: unknown): IntegrateOutcome {
  const outcome = checkStatus<IntegrateOutcome>(part, 'integrate', value, [
    'merged',
    'contained',
    'conflicted',
  ]);
  if (outcome.status === 'merged') checkCommit(part, 'integrate', outcome.commit);
  if (outcome.status === 'conflicted' && !hasPaths(outcome.paths))
    throw wrongAnswer(part, 'integrate', 'must return the paths in conflict', value);
  if (outcome.status !== 'conflicted' && outcome.refused !== undefined && !areRefused(outcome.refused))
    throw wrongAnswer(part, 'integrate', 'must return refused changes with "path" and "reason"', value);
  return outcome;
}

const REFUSALS: readonly unknown[] = ['outside', 'link', 'not-a-file', 'clashing'];

function areRefused(value: unknown): boolean {
  return (
    hasPaths(value) &&
    (value as readonly { reason?: unknown }[]).every(({ reason }) => REFUSALS.includes(reason))
  );
}

/** New texts of files of the repository. */
export function checkEdits(part: string, value: unknown): readonly FileEdit[] {
  const edits = plain<readonly FileEdit[]>(part, 'markDone', value);
  if (!Array.isArray(edits) || !edits.every((one) => isText(one?.path) && typeof one.text === 'string'))
    throw wrongAnswer(part, 'markDone', 'must return a list of files, each with "path" and "text"', value);
  const outside = edits.find(({ path }) => isOutside(path));
  if (outside === undefined) return edits;
  throw wrongAnswer(
    part,
    'markDone',
    `changes ${JSON.stringify(outside.path)}, outside of the repository`,
    value,
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isOutside(path: string): boolean {
  return path.split(/[/\\]/).some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase()));
}

export function checkAdvanced(part: string, value: unknown): AdvanceOutcome {
  const outcome = checkStatus<AdvanceOutcome>(part, 'advance', value, ['advanced', 'moved']);
  if (outcome.status === 'moved') checkCommit(part, 'advance', outcome.tip);
  return outcome;
}

export function checkLanded(part: string, value: unknown): LandOutcome {
  const outcome = checkStatus<LandOutcome>(part, 'land', value, ['landed', 'moved', 'refused']);
  if (outcome.status === 'moved' && outcome.tip !== undefined) checkCommit(part, 'land', outcome.tip);
  return outcome;
}

export function checkPaths(part: string, method: string, value: unknown): readonly string[] {
  const paths = plain<readonly string[]>(part, method, value);
  if (Array.isArray(paths) && paths.every((path) => typeof path === 'string')) return paths;
  throw wrongAnswer(part, method, 'must return a list of paths', value);
}

export function checkVerdict(part: string, value: unknown): Verdict {
  const verdict = checkStatus<Verdict>(part, 'run', value, ['green', 'red', 'timed-out', 'broken']);
  const wrong = wrongVerdict(verdict) ?? wrongParts(verdict);
  if (wrong === undefined) return verdict;
  throw wrongAnswer(part, 'run', wrong, JSON.stringify(value));
}

function wrongVerdict(verdict: Verdict): string | undefined {
  const { durationMs, cpuMs = 0 } = verdict;
  if (typeof durationMs !== 'number') return 'must return "durationMs" as a number';
  // JSON has no infinity: such a number is `null` by now.
  if (typeof cpuMs !== 'number' || cpuMs < 0) return 'must return "cpuMs" as a number, 0 or more';
  if (verdict.status === 'broken')
    return typeof verdict.message === 'string' ? undefined : 'must say in "message" why it could not run';
  if (verdict.status === 'green') return undefined;
  if (typeof verdict.summary !== 'string') return 'must return the end of its output as "summary"';
  if (verdict.status === 'red' && typeof verdict.exitCode !== 'number')
    return 'must return "exitCode" as a number';
  return undefined;
}

/** Parts that do not fit the verdict: work must not land for a green verdict with a red part. */
function wrongParts({ status, parts }: Verdict): string | undefined {
  if (parts === undefined) return undefined;
  if (!Array.isArray(parts) || parts.length === 0) return 'must return "parts" as a list, or none';
  const known = ['green', 'red', 'timed-out', 'broken', 'skipped'];
  const whole = parts.every(
    (one) =>
      typeof one?.name === 'string' &&
      one.name !== '' &&
      known.includes(one.status) &&
      typeof one.durationMs === 'number' &&
      typeof one.logFile === 'string',
  );
  if (!whole) return 'must return parts with "name", "status", "durationMs" and "logFile"';
  if (new Set(parts.map(({ name }) => name)).size < parts.length)
    return 'must return parts of different names';
  if (status === 'green' && parts.some((one) => one.status !== 'green'))
    return 'must not be green with a part that is not';
  if (status !== 'green' && !parts.some((one) => one.status === status))
    return `must have a part that is ${status} where it is`;
  return undefined;
}

export function checkRemoved(part: string, value: unknown): RemoveOutcome {
  return checkStatus<RemoveOutcome>(part, 'remove', value, ['removed', 'gone', 'kept']);
}

export function checkSnapshot(part: string, value: unknown): Snapshot {
  const snapshot = plain<Snapshot>(part, 'snapshot', value);
  checkCommit(part, 'snapshot', snapshot.commit);
  if (typeof snapshot.ref === 'string' && snapshot.ref.startsWith('refs/')) return snapshot;
  throw wrongAnswer(part, 'snapshot', 'must return the ref that keeps it, in full', value);
}

export function checkSample(part: string, value: unknown): ResourceSample {
  const sample = plain<ResourceSample>(part, 'sample', value);
  for (const key of ['cpuPercent', 'memoryPercent', 'diskAvailableBytes'] as const) {
    if (typeof sample[key] !== 'number')
      throw wrongAnswer(part, 'sample', `must return "${key}" as a number`, value);
  }
  const { machines = [] } = sample;
  if (!Array.isArray(machines) || !machines.every(isMachine)) {
    const what = 'must return machines with "name", "state", "labels", and their load and agents as numbers';
    throw wrongAnswer(part, 'sample', what, JSON.stringify(machines));
  }
  return sample;
}

const MACHINE_STATES: readonly unknown[] = ['ready', 'draining', 'silent'];
const MACHINE_FIGURES = ['cpuPercent', 'memoryPercent', 'cpuCount', 'agents', 'maxAgents'] as const;

function isMachine(value: Partial<MachineSample> | null): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, state, labels, refuses = [] } = value;
  return (
    isText(name) &&
    MACHINE_STATES.includes(state) &&
    MACHINE_FIGURES.every((figure) => typeof value[figure] === 'number') &&
    typeof labels === 'object' &&
    labels !== null &&
    Object.values(labels).every((label) => typeof label === 'string') &&
    Array.isArray(refuses) &&
    refuses.every((why) => typeof why === 'string')
  );
}

function checkStatus<T extends { readonly status: string }>(
  part: string,
  method: string,
  value: unknown,
  known: readonly T['status'][],
): T {
  const outcome = plain<T>(part, method, value);
  if (known.includes(outcome.status)) return outcome;
  throw wrongAnswer(part, method, `must return one of ${known.join(', ')}`, value);
}

function areFindings(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return value.every(
    ({ kind, severity, taskIds, message }) =>
      typeof kind === 'string' &&
      ['error', 'warning', 'info'].includes(severity) &&
      Array.isArray(taskIds) &&
      typeof message === 'string',
  );
}

function hasPaths(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry?.path === 'string');
}

/** The journal holds only plain data: anything else would be different after a crash. */
function plain<T extends object>(part: string, method: string, value: unknown): T {
  if (typeof value !== 'object' || value === null)
    throw wrongAnswer(part, method, 'must return an object', value);
  try {
    return JSON.parse(JSON.stringify(value)) as T;
  } catch (cause) {
    throw wrongAnswer(part, method, `returned something that is not plain data (${String(cause)})`, value);
  }
}

import { EVENT_VERSION, type RunEvent } from './event.js';

/** An event of an earlier version in today's shape; an event of today is returned unchanged. */
export function upgradeEvent(event: RunEvent): RunEvent {
  const written: number = event.v;
  if (written >= EVENT_VERSION) return event;
  const second = written < 2 ? (FROM_1[event.type]?.(event as never) ?? event) : event;
  return { ...(FROM_2[second.type]?.(second as never) ?? second), v: EVENT_VERSION };
}

type Upgrades = Readonly<Record<string, ((event: never) => RunEvent) | undefined>>;

interface Version1Place {
  readonly file?: string;
}

interface Version1Claim {
  readonly place?: Version1Place;
}

interface Version1Diagnostic extends Version1Place {
  readonly taskId?: string;
}

/** Version 1 called the path of a place `file`, gave a diagnostic one task at most, and had a handle for agents. */
const FROM_1: Upgrades = {
  'task-planned': (event: {
    readonly task: { readonly declared?: readonly Version1Claim[] };
    readonly claims: { readonly claims: readonly Version1Claim[] };
  }) => {
    const { declared } = event.task;
    return {
      ...event,
      task: { ...event.task, ...(declared === undefined ? {} : { declared: declared.map(claim) }) },
      claims: { ...event.claims, claims: event.claims.claims.map(claim) },
    } as unknown as RunEvent;
  },
  'run-planned': (event: { readonly diagnostics: readonly Version1Diagnostic[] }) =>
    ({ ...event, diagnostics: event.diagnostics.map(diagnostic) }) as unknown as RunEvent,
  warning: (event: { readonly diagnostic: Version1Diagnostic }) =>
    ({ ...event, diagnostic: diagnostic(event.diagnostic) }) as unknown as RunEvent,
  'agent-launched': ({ handle, ...event }: { readonly handle: Record<string, unknown> }) => {
    const { launcher, startedAt, stateDir: _s, timeoutMs: _t, idleTimeoutMs: _i, ...details } = handle;
    return { ...event, launcher, startedAt, details } as unknown as RunEvent;
  },
};

function claim(old: Version1Claim): unknown {
  return old.place === undefined ? old : { ...old, place: place(old.place) };
}

function diagnostic({ taskId, ...old }: Version1Diagnostic): unknown {
  return { ...place(old), ...(taskId === undefined ? {} : { taskIds: [taskId] }) };
}

function place<T extends Version1Place>({ file, ...rest }: T): object {
  return file === undefined ? rest : { ...rest, path: file };
}

/**
 * Version 2 merged and gated one task at a time, with events of that task. A merge was made only to be the next tip of the
 * integration ref; the ref may have been moved to it without a record.
 */
const FROM_2: Upgrades = {
  'integrate-merged': ({ taskId, onto, candidate, ...event }: Version2Merge) =>
    ({
      ...event,
      type: 'advance-started',
      from: onto,
      to: candidate,
      tasks: [{ taskId, commit: candidate }],
    }) as unknown as RunEvent,
  'gate-started': gateOf,
  'gate-finished': gateOf,
};

interface Version2Merge {
  readonly taskId: string;
  readonly onto: string;
  readonly candidate: string;
}

function gateOf({ taskId, ...event }: { readonly taskId: string }): RunEvent {
  return { ...event, taskIds: [taskId], purpose: 'join' } as unknown as RunEvent;
}

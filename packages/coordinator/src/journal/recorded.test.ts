import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EVENT_VERSION, reduceRun, statusOf, summarise } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { decodeJournal } from './decode.js';

/** Logs of real runs that earlier versions have written, a folder per format, with what they said of them. */
const RECORDINGS = fileURLToPath(new URL('../../../cli/test/recorded-runs/', import.meta.url));

interface Recording {
  readonly format: string;
  readonly name: string;
  readonly log: Buffer;
  readonly status: {
    readonly run: { readonly runId: string; readonly status: string };
    readonly tasks: readonly { readonly taskId: string; readonly status: string; readonly reason?: string }[];
    readonly findings: readonly { readonly resolved?: true }[];
    readonly snapshots: readonly unknown[];
  };
}

function recordings(): Recording[] {
  const formats = readdirSync(RECORDINGS).filter((name) => name.startsWith('format-'));
  return formats.flatMap((format) =>
    readdirSync(`${RECORDINGS}${format}`).map((name) => {
      const read = (file: string) => readFileSync(`${RECORDINGS}${format}/${name}/${file}`);
      return { format, name, log: read('journal.jsonl'), status: JSON.parse(read('status.txt').toString()) };
    }),
  );
}

/** What types of events are called today. */
const NAMES: Readonly<Record<string, string>> = { 'integrate-merged': 'advance-started' };

type Raw = Readonly<Record<string, unknown>> & { readonly type: string };

/** Every type of event of format 1, except `admission-resumed`: no recording can bring about an idle machine. */
const FORMAT_1 = [
  ...['run-started', 'run-planned', 'run-resumed', 'run-interrupted', 'run-finished', 'target-moved'],
  ...['target-conflicted', 'target-integrated', 'target-replaced', 'land-started', 'landed', 'land-refused'],
  ...['resources-sampled', 'admission-paused', 'warning', 'finding', 'finding-resolved', 'task-planned'],
  ...['task-blocked', 'task-dispatched', 'workspace-created', 'agent-launching', 'agent-launched'],
  ...['agent-activity', 'agent-exited', 'work-collected', 'claims-audited', 'integrate-started'],
  ...['integrate-merged', 'integrate-conflicted', 'gate-started', 'gate-finished', 'integrated'],
  ...['task-finished', 'task-requeued', 'task-reopened', 'snapshot-taken', 'workspace-removing'],
  'workspace-removed',
];

interface RawDiagnostic {
  readonly taskId?: string;
  readonly file?: string;
}

function ofToday({ taskId, file, ...rest }: RawDiagnostic): object {
  return {
    ...rest,
    ...(taskId === undefined ? {} : { taskIds: [taskId] }),
    ...(file === undefined ? {} : { path: file }),
  };
}

/** What format 1 wrote otherwise than later ones. */
interface RawParts {
  readonly claims: {
    readonly claims: readonly { readonly place?: { readonly file: string; readonly line?: number } }[];
  };
  readonly diagnostic: RawDiagnostic;
  readonly diagnostics: readonly RawDiagnostic[];
  readonly handle: { readonly launcher: string; readonly startedAt: number };
}

/** The lines of a log as they were written. */
function linesOf(log: Buffer): readonly Raw[] {
  return log
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** The last value that a task's events have given to a field; `undefined` where a later event starts it over. */
function lastOf(lines: readonly Raw[], taskId: string, type: string, field: string): unknown {
  const own = lines.filter((line) => line.taskId === taskId);
  const start = own.findLastIndex((line) => ['task-dispatched', 'task-requeued'].includes(line.type));
  return own.slice(Math.max(0, start)).findLast((line) => line.type === type)?.[field];
}

/** That a finding is put right shows only when the repository is looked at, as `pwt status` does. */
function asFound({ resolved: _resolved, ...finding }: Recording['status']['findings'][number]): object {
  return finding;
}

describe('a log of an earlier version', () => {
  it.each(recordings())('is read whole: $format/$name', ({ log, status }) => {
    const { events, damage, completeBytes } = decodeJournal(log, 'journal.jsonl');
    const lines = linesOf(log);
    expect(damage).toBeUndefined();
    expect(completeBytes).toBe(log.length);
    expect(events.map(({ seq, at, type, runId }) => ({ seq, at, type, runId }))).toEqual(
      lines.map(({ seq, at, type, runId }) => ({ seq, at, type: NAMES[type] ?? type, runId })),
    );

    const state = reduceRun(events);
    expect(state.runId).toBe(status.run.runId);
    expect(state.findings).toMatchObject(status.findings.map(asFound));
    expect(state.snapshots).toEqual(status.snapshots);
    const told = [...state.tasks.values()].map((task) => ({
      taskId: task.task.id,
      status: statusOf(task, state),
    }));
    expect(told).toEqual(status.tasks.map(({ taskId, status }) => ({ taskId, status })));
    for (const { taskId, reason } of status.tasks)
      expect(summarise(state).tasks.find((task) => task.taskId === taskId)?.reason).toBe(reason);
  });

  it.each(recordings())('gives tasks under way what a resumed run needs: $format/$name', ({ log }) => {
    const lines = linesOf(log);
    const state = reduceRun(decodeJournal(log, 'journal.jsonl').events);
    for (const [id, task] of state.tasks) {
      if (task.outcome !== undefined || task.attempt === 0) continue;
      const last = (type: string, field: string) => lastOf(lines, id, type, field);
      expect(task).toMatchObject({
        attempt: last('task-dispatched', 'attempt'),
        stateDir: last('task-dispatched', 'stateDir'),
        base: last('task-dispatched', 'base'),
        workspace: last('workspace-created', 'workspace'),
      });
      const to = last('integrate-merged', 'candidate');
      // The integration ref may have been moved there.
      if (to !== undefined) {
        const tasks = [{ taskId: id, commit: to }];
        expect(state.advancing).toEqual({ from: last('integrate-merged', 'onto'), to, tasks });
      }
      const verdict = last('gate-finished', 'verdict');
      if (verdict !== undefined) {
        expect(task).toMatchObject({ verdict });
        expect(state.verdicts.get(String(last('gate-finished', 'commit')))).toEqual({ verdict });
      }
    }
  });

  it.each(recordings())(
    'has places, diagnostics and agents in the shape of today: $format/$name',
    ({ log }) => {
      const { events } = decodeJournal(log, 'journal.jsonl');
      const lines = linesOf(log);
      for (const [at, event] of events.entries()) {
        const raw = lines[at] as Raw & RawParts;
        expect(event.v).toBe(EVENT_VERSION);
        if (raw.v !== 1) continue;
        if (event.type === 'task-planned') {
          const places = event.claims.claims.map(({ place }) => place);
          expect(places).toEqual(
            raw.claims.claims.map(({ place }) => place && { path: place.file, line: place.line }),
          );
        } else if (event.type === 'run-planned') {
          expect(event.diagnostics).toEqual(raw.diagnostics.map(ofToday));
        } else if (event.type === 'warning') {
          expect(event.diagnostic).toEqual(ofToday(raw.diagnostic));
        } else if (event.type === 'agent-launched') {
          expect(event).toMatchObject({ launcher: raw.handle.launcher, startedAt: raw.handle.startedAt });
        }
      }
    },
  );

  it('holds every type of event of format 1, except admission-resumed', () => {
    const first = recordings().filter(({ format }) => format === 'format-1');
    const lines = first.flatMap(({ log }) => linesOf(log));
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(FORMAT_1));
    const blockers = lines.filter(({ type }) => type === 'task-blocked').map(({ by }) => (by as Raw).kind);
    expect(new Set(blockers)).toEqual(new Set(['dependency', 'claim', 'reserved', 'risk', 'resources']));
  });
});

import type {
  AgentLauncher,
  EventSink,
  JournalStore,
  ResourceMonitor,
  ResourceSample,
  RunEvent,
} from '@pwt/core';
import {
  FixedResourceMonitor,
  MemoryMerger,
  MemoryWorkspaceProvider,
  makeClaims,
  makeTask,
  RecordingSink,
  ScriptedGate,
} from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { deferred, outcomes, RUN_ID, World, writes } from './world.js';

function world(more: Partial<ConstructorParameters<typeof World>[0]> = {}): World {
  return new World({
    tasks: [makeTask('1')],
    claims: [makeClaims('1', '1.txt')],
    work: { '1': writes('1.txt') },
    ...more,
  });
}

/** A log of which the test says when it writes an event. */
function steered(
  store: JournalStore,
  append: (event: RunEvent, write: () => Promise<void>) => Promise<void>,
): JournalStore {
  return {
    name: 'test',
    read: (runId) => store.read(runId),
    list: () => store.list(),
    async open(runId) {
      const journal = await store.open(runId);
      return {
        close: () => journal.close(),
        append: (event) => append(event, () => journal.append(event)),
      };
    },
  };
}

/** A log on a disk that is full from the n-th event on. */
function filledUp(store: JournalStore, at: number): JournalStore {
  let count = 0;
  return {
    name: 'test',
    read: (runId) => store.read(runId),
    list: () => store.list(),
    async open(runId) {
      const journal = await store.open(runId);
      return {
        close: () => journal.close(),
        async append(event) {
          count += 1;
          if (count >= at) throw new Error('ENOSPC: no space left on device');
          await journal.append(event);
        },
      };
    },
  };
}

describe('a log that can not be written any more', () => {
  it('stops the run with a PwtError at every event, and resume goes on', async () => {
    for (let at = 1; ; at += 1) {
      const run = world({
        sinks: [{ name: 'test', onEvent: () => Promise.reject(new Error('broken sink')) }],
      });
      const launcher = talkative(run.launcher);
      const journals = filledUp(run.journals, at);
      const ended = await run.start(run.coordinator({ journals, launcher })).catch((error: unknown) => error);
      if (!(ended instanceof Error)) break;
      expect(ended, `append ${at}`).toMatchObject({ code: 'PWT_JOURNAL_WRITE_FAILED' });
      const log = await run.journals.read(RUN_ID).catch(() => []);
      if (!log.some((event) => event.type === 'run-planned')) continue;
      const summary = await run.coordinator({ launcher }).resume({ runId: RUN_ID });
      expect(outcomes(summary), `append ${at}`).toEqual({ '1': 'landed' });
      expect(run.launcher.started, `append ${at}`).toEqual(['1']);
    }
  });
});

/** Agents that print something long before they end. */
function talkative(inner: AgentLauncher): AgentLauncher {
  const talking = (run: Awaited<ReturnType<AgentLauncher['launch']>>) => ({
    startedAt: run.startedAt,
    stop: () => run.stop(),
    exited: run.exited.then(async (exit) => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      return exit;
    }),
    events: (async function* () {
      yield { kind: 'error', text: 'oops' } as const;
    })(),
  });
  return {
    name: inner.name,
    check: () => inner.check(),
    launch: async (request) => talking(await inner.launch(request)),
    async attach(attempt) {
      const run = await inner.attach(attempt);
      return run && talking(run);
    },
  };
}

describe('a sink', () => {
  it('that never answers does not keep a run from ending', async () => {
    const seen = new RecordingSink();
    const stuck = { name: 'stuck', onEvent: () => new Promise<void>(() => undefined) };
    const run = world({ sinks: [seen, stuck] });
    expect((await run.start(run.coordinator({ sinkPatienceMs: 20 }))).success).toBe(true);
    expect(seen.events.at(-1)?.type).toBe('run-finished');
  });

  it('sees the end of the run last, however late the machine is measured', async () => {
    const measured = deferred<ResourceSample>();
    const resources: ResourceMonitor = { name: 'test', sample: () => measured.promise };
    const seen = new RecordingSink();
    let closedAfter = 0;
    const sink: EventSink = {
      name: 'test',
      onEvent: (event) => seen.onEvent(event),
      close: async () => {
        closedAfter = seen.events.length;
      },
    };
    const run = world({ sinks: [sink] });
    // The load becomes known just when the end is being written.
    const journals = steered(run.journals, async ({ type }, write) => {
      await write();
      if (type !== 'run-finished') return;
      measured.resolve(await new FixedResourceMonitor().sample());
      await new Promise(setImmediate);
    });
    await run.start(run.coordinator({ resources, journals }));
    expect(seen.events.at(-1)?.type).toBe('run-finished');
    expect((await run.journals.read(RUN_ID)).at(-1)?.type).toBe('run-finished');
    expect(closedAfter).toBe(seen.events.length);
  });

  it('is closed only when events that no step awaited have been shown, too', async () => {
    const measured = deferred<ResourceSample>();
    const resources: ResourceMonitor = { name: 'test', sample: () => measured.promise };
    const order: string[] = [];
    const sink: EventSink = {
      name: 'test',
      onEvent: ({ type }) => void order.push(type),
      close: async () => void order.push('closed'),
    };
    const run = world({ sinks: [sink] });
    const written = deferred();
    // The load is known early, but writing it takes longer than the run.
    const journals = steered(run.journals, async ({ type }, write) => {
      if (type === 'run-planned') measured.resolve(await new FixedResourceMonitor().sample());
      if (type === 'run-finished') setImmediate(() => written.resolve());
      if (type === 'resources-sampled') await written.promise;
      await write();
    });
    await run.start(run.coordinator({ resources, journals }));
    expect(order).toContain('resources-sampled');
    expect(order.at(-1)).toBe('closed');
  });
});

describe('what a plugin must not return', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;

  it.each([
    undefined,
    null,
    'x',
    {},
    { status: 'maybe' },
    { status: 'conflicted', paths: 'a' },
    { status: 'merged' },
  ])('is refused from integrate: %j', async (answer) => {
    const run = world();
    class Careless extends MemoryMerger {
      override async integrate() {
        return answer as never;
      }
    }
    const summary = await run.start(run.coordinator({ merger: new Careless(run.repository) }));
    expect(summary.tasks[0]).toMatchObject({ status: 'held' });
    expect(summary.tasks[0]?.reason).toContain('PWT_PLUGIN_MISBEHAVED');
  });

  it.each([undefined, {}, { status: 'yes' }, { status: 'moved' }])(
    'is never taken for an advance: %j',
    async (answer) => {
      const run = world();
      class Careless extends MemoryMerger {
        override async advance() {
          return answer as never;
        }
      }
      const summary = await run.start(run.coordinator({ merger: new Careless(run.repository) }));
      expect(summary.tasks[0]?.reason).toContain('PWT_PLUGIN_MISBEHAVED');
      expect(run.landed()).toEqual({ 'README.md': 'hello\n' });
    },
  );

  it.each([undefined, {}, { status: 'fine' }, 'green'])(
    'is never taken for a green gate: %j',
    async (answer) => {
      const run = world({ gate: new ScriptedGate(() => answer as never) });
      const summary = await run.start();
      expect(summary.tasks[0]?.reason).toContain('PWT_PLUGIN_MISBEHAVED');
      expect(run.landed()).toEqual({ 'README.md': 'hello\n' });
    },
  );

  it.each([
    { changes: [null] },
    { changes: [{ path: 1 }] },
    { changes: 'x' },
    { changes: [{ path: 'a', kind: 'added', extra: cyclic }] },
  ])('is refused from collect', async (part) => {
    class Careless extends MemoryWorkspaceProvider {
      override async collect(request: Parameters<MemoryWorkspaceProvider['collect']>[0]) {
        return { ...(await super.collect(request)), ...part } as never;
      }
    }
    const run = world({ provider: (repository) => new Careless(repository) });
    const summary = await run.start();
    expect(summary.tasks[0]).toMatchObject({ status: 'held' });
    const log = await run.journals.read(RUN_ID);
    expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
  });

  it('stops an agent that it can not watch', async () => {
    for (const broken of [
      { startedAt: undefined },
      { exited: Promise.reject(new Error('no')) },
      { exited: undefined },
    ]) {
      const run = world({ work: { '1': () => new Promise(() => undefined) } });
      const stopped = deferred();
      const launcher: AgentLauncher = {
        name: 'acme-launcher',
        check: async () => undefined,
        attach: async () => undefined,
        async launch(request) {
          const real = await run.launcher.launch(request);
          return { ...real, stop: () => real.stop().then(stopped.resolve), ...broken } as never;
        },
      };
      const summary = await run.start(run.coordinator({ launcher }));
      await stopped.promise;
      expect(summary.tasks[0]?.reason).toContain('acme-launcher broke its contract');
    }
  });

  it('goes on when the output of an agent can not be read', async () => {
    const run = world();
    const launcher: AgentLauncher = {
      name: 'acme-launcher',
      check: async () => undefined,
      attach: (request) => run.launcher.attach(request),
      async launch(request) {
        const real = await run.launcher.launch(request);
        return { ...real, events: undefined } as never;
      },
    };
    const summary = await run.start(run.coordinator({ launcher }));
    expect(outcomes(summary)).toEqual({ '1': 'landed' });
    expect(JSON.stringify(await run.journals.read(RUN_ID))).toContain('acme-launcher');
  });

  it('is borne from a resource monitor', async () => {
    for (const answer of [undefined, {}, { cpuPercent: Number.NaN }, { cpuPercent: 1n }]) {
      const resources: ResourceMonitor = { name: 'test', sample: async () => answer as never };
      const run = world();
      expect((await run.start(run.coordinator({ resources }))).success).toBe(true);
      const log = await run.journals.read(RUN_ID);
      expect(log.filter((event) => event.type === 'resources-sampled')).toEqual([]);
    }
  });
});

describe('a gate that leaves its checkout behind', () => {
  it('is warned about, and its verdict counts', async () => {
    class Sticky extends MemoryWorkspaceProvider {
      override async remove(request: Parameters<MemoryWorkspaceProvider['remove']>[0]) {
        if (request.workspace.kind === 'scratch') throw new Error('EBUSY');
        return super.remove(request);
      }
    }
    const sink = new RecordingSink();
    const run = world({
      gate: new ScriptedGate(),
      provider: (repository) => new Sticky(repository),
      sinks: [sink],
    });
    const summary = await run.start();
    expect(outcomes(summary)).toEqual({ '1': 'landed' });
    expect(JSON.stringify(sink.events)).toContain('EBUSY');
  });
});

describe('a run id', () => {
  it('is used once', async () => {
    const run = world();
    await run.start();
    await expect(run.start()).rejects.toMatchObject({ code: 'PWT_RUN_EXISTS' });
    const log = await run.journals.read(RUN_ID);
    expect(log.filter((event) => event.type === 'run-started')).toHaveLength(1);
  });
});

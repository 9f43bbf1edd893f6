import type {
  CreatedWorkspace,
  CreateWorkspaceRequest,
  RemoveOutcome,
  RemoveRequest,
  RunEvent,
} from '@pwt/core';
import { MemoryWorkspaceProvider, makeClaims, makeTask } from '@pwt/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { World } from './world.js';

const PROVE = process.env.PWT_PROVE === '1';
const TASKS = 60;

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

/** Every part takes so many turns of the event loop. */
interface Slowness {
  readonly create: number;
  readonly remove: number;
  readonly agent: number;
  readonly gate: number;
}

class SlowProvider extends MemoryWorkspaceProvider {
  slow: Pick<Slowness, 'create' | 'remove'> = { create: 0, remove: 0 };

  override async create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace> {
    await turns(this.slow.create);
    return super.create(request);
  }

  override async remove(request: RemoveRequest): Promise<RemoveOutcome> {
    if (request.workspace.kind === 'task') await turns(this.slow.remove);
    return super.remove(request);
  }
}

/**
 * The most workspaces that were landed and still there beside those of the last landing, and whether all tasks landed and
 * all workspaces went. What is tested together lands together.
 */
async function play({ create, remove, agent, gate }: Slowness) {
  const ids = Array.from({ length: TASKS }, (_, at) => String(at + 1));
  const landed = new Set<string>();
  let most = 0;
  const onEvent = (event: RunEvent) => {
    if (event.type === 'landed') {
      most = Math.max(most, landed.size);
      for (const id of event.taskIds) landed.add(id);
    }
    if (event.type === 'workspace-removed') landed.delete(event.taskId);
  };
  const world = new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.ts`)),
    work: Object.fromEntries(
      ids.map((id) => [
        id,
        async (files: Map<string, string>) => {
          await turns(agent);
          files.set(`${id}.ts`, 'x\n');
          return 0;
        },
      ]),
    ),
    options: { maxInstances: 4, maxCpuPercent: 100, maxMemoryPercent: 100, minDiskBytes: 0 },
    gate: {
      name: 'slow',
      run: async () => {
        await turns(gate);
        return { status: 'green', durationMs: 0 };
      },
    },
    sinks: [{ name: 'test', onEvent }],
    provider: (repository) => {
      const provider = new SlowProvider(repository);
      provider.slow = { create, remove };
      return provider;
    },
  });
  const summary = await world.start();
  return { most, landed: summary.totals.landed, left: (await world.provider.list()).length };
}

describe('landed workspaces', () => {
  it('never pile up, whatever takes how long', async () => {
    const anySlowness = fc.record({
      create: fc.nat({ max: 6 }),
      remove: fc.nat({ max: 100 }),
      agent: fc.nat({ max: 6 }),
      gate: fc.nat({ max: 6 }),
    });
    const bounded = fc.asyncProperty(anySlowness, async (slowness) => {
      const seen = await play(slowness);
      expect(seen).toMatchObject({ landed: TASKS, left: 0 });
      expect(seen.most).toBeLessThanOrEqual(16);
    });
    await fc.assert(bounded, { seed: 20261130, numRuns: PROVE ? 1_000 : 10 });
  });
});

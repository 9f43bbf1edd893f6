import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchRequest } from '@pwt/core';
import { agentLauncherSuite } from '@pwt/testkit';
import { beforeEach, describe, it } from 'vitest';
import { atEnd, useShared } from '../../test/ends.js';
import { WorkerProgram } from '../../test/machine.js';
import { MachinesStage } from '../../test/machines-stage.js';
import { needsRedis } from '../../test/redis-server.js';
import type { RemoteAgent } from '../protocol/requirement.js';

/** Ends with this code. */
const ends = (code: number): RemoteAgent => ({ command: ['sh', '-c', `exit ${code}`] });
/** Waits until somebody opens its gate. */
const waits: RemoteAgent = { command: ['sh', '-c', 'read line < "$PWT_WORKTREE/gate"'] };

const agents = [ends(0), ends(5), ends(7), waits];
const shared = useShared(async () => {
  const program = await WorkerProgram.bundle();
  atEnd(() => program.dispose());
  return MachinesStage.open({ program, machines: ['one'], agents });
});

describe('over Redis, with workers in processes of their own', () => {
  beforeEach(({ skip }) => needsRedis(skip));

  agentLauncherSuite({ describe, test: it }, async () => {
    const stage = await shared.get();
    const agentOf = (behaviour: { exitCode: number } | { waits: true }) =>
      'exitCode' in behaviour ? ends(behaviour.exitCode) : waits;
    return {
      launcher: async (behaviour) => stage.launcher(agentOf(behaviour)),
      reopen: async (behaviour) => stage.reopened(agentOf(behaviour)),
      async request() {
        const request = await stage.request();
        execFileSync('mkfifo', [gateOf(request)]);
        return request;
      },
      release: async (request) => {
        const gate = openSync(gateOf(request), 'w');
        writeSync(gate, '\n');
        closeSync(gate);
      },
      promptOf: async ({ attempt: { runId, taskId, number } }) => {
        const state = join(stage.machine('one').home, 'state', 'repositories', 'remote');
        const found = execFileSync('find', [state, '-path', `*${runId}/${taskId}/${number}/prompt.md`], {
          encoding: 'utf8',
        }).trim();
        return readFileSync(found, 'utf8');
      },
      loseMachine: async () => {
        shared.renew();
        await stage.machine('one').kill();
      },
      dispose: async () => undefined,
    };
  });
});

function gateOf({ attempt: { workspace } }: LaunchRequest): string {
  return join(workspace.path, 'gate');
}

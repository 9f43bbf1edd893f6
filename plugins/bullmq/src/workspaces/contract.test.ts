import { workspaceProviderSuite } from '@pwt/testkit';
import { describe, it } from 'vitest';
import { isInstalled } from '../../test/redis-server.js';
import { WorkspacesStage } from '../../test/workspaces-stage.js';

// All of it is real but Redis, for where there is none; with it: test/contract.test.ts
const where = { describe: describe.skipIf(isInstalled()), test: it };
workspaceProviderSuite(where, async () => (await WorkspacesStage.open('one', 'two')).harness());

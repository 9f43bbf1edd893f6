import { workspaceProviderSuite } from '@pwt/testkit';
import { describe, it } from 'vitest';
import { WorkspacesStage } from '../../test/workspaces-stage.js';

// With all of a worker but Redis; with it: test/contract.test.ts
workspaceProviderSuite({ describe, test: it }, async () => (await WorkspacesStage.open('one')).harness());

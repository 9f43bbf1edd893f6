import { describe, test } from 'vitest';
import {
  agentLauncherSuite,
  gateSuite,
  mergerSuite,
  radarSuite,
  repositoryObserverSuite,
  resourceMonitorSuite,
  separatorSuite,
  taskSourceSuite,
  workspaceProviderSuite,
} from '../src/index.js';
import {
  gateHarness,
  launcherHarness,
  machinesHarness,
  mergerHarness,
  monitorHarness,
  observerHarness,
  providerHarness,
  radarHarness,
  separatorHarness,
  sourceHarness,
} from './harnesses.js';

const runner = { describe, test };

workspaceProviderSuite(runner, providerHarness());
workspaceProviderSuite(runner, machinesHarness());
mergerSuite(runner, mergerHarness());
gateSuite(runner, gateHarness);
agentLauncherSuite(runner, launcherHarness());
separatorSuite(runner, separatorHarness());
taskSourceSuite(runner, sourceHarness());
repositoryObserverSuite(runner, observerHarness());
resourceMonitorSuite(runner, monitorHarness());
radarSuite(runner, radarHarness());

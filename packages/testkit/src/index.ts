export { cpuMs } from './cpu-ms.js';
export { ManualClock, type TestClock } from './doubles/manual-clock.js';
export { type Machines, MemoryMachines } from './doubles/memory-machines.js';
export { MemoryMerger } from './doubles/memory-merger.js';
export { MemoryRadar } from './doubles/memory-radar.js';
export {
  type FileMap,
  type MemoryCommit,
  MemoryRepository,
} from './doubles/memory-repository.js';
export { MemoryRepositoryObserver } from './doubles/memory-repository-observer.js';
export { MemoryWorkspaceProvider } from './doubles/memory-workspace-provider.js';
export { ScriptedLauncher } from './doubles/scripted-launcher.js';
export type { AgentScript, ScriptedAgent } from './doubles/scripted-run.js';
export {
  FixedResourceMonitor,
  MemoryJournalStore,
  RecordingSink,
  ScriptedGate,
} from './doubles/simple-doubles.js';
export { makeEvents, makeGateEvents, makeState, makeTaskEvents, type TaskEventFacts } from './events.js';
export { hermeticGitEnv, TemporaryRepository } from './git/temporary-repository.js';
/** @public */
export { scriptedAgentCommand } from './scripted-agent.js';
export type { AgentBehaviour, AgentLauncherHarness } from './suites/agent-launcher-harness.js';
export { agentLauncherSuite } from './suites/agent-launcher-suite.js';
export { type GateHarness, gateSuite } from './suites/gate-suite.js';
export type { MergerHarness } from './suites/merger-harness.js';
export { mergerSuite } from './suites/merger-suite.js';
export { type RadarHarness, radarSuite } from './suites/radar-suite.js';
export {
  type RepositoryObserverHarness,
  repositoryObserverSuite,
} from './suites/repository-observer-suite.js';
export { type ResourceMonitorHarness, resourceMonitorSuite } from './suites/resource-monitor-suite.js';
export type { Disposable, TestRunner } from './suites/runner.js';
export {
  type SeparatorHarness,
  separatorSuite,
  type TaskSourceHarness,
  taskSourceSuite,
} from './suites/separator-suite.js';
export type { WorkspaceProviderHarness } from './suites/workspace-provider-harness.js';
export { workspaceProviderSuite } from './suites/workspace-provider-suite.js';
export { makeClaim, makeClaims, makeRunOptions, makeTask } from './tasks.js';

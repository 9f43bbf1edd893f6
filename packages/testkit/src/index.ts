export { MemoryMerger } from './doubles/memory-merger.js';
export {
  compareFiles,
  type FileMap,
  type MemoryCommit,
  MemoryRepository,
} from './doubles/memory-repository.js';
export { MemoryWorkspaceProvider } from './doubles/memory-workspace-provider.js';
export { type AgentScript, type ScriptedAgent, ScriptedLauncher } from './doubles/scripted-launcher.js';
export {
  FixedResourceMonitor,
  MemoryJournalStore,
  RecordingSink,
  ScriptedGate,
} from './doubles/simple-doubles.js';
export { makeClaim, makeClaims, makeTask } from './tasks.js';

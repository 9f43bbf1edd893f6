export type {
  AgentDefinition,
  EvidenceFile,
  LoginCheck,
  PermissionLevel,
  PromptTransport,
  Verification,
} from './agents/agent-definition.js';
export type { AgentFolder } from './agents/agent-folder.js';
export { AgentRoster } from './agents/agent-roster.js';
export { presets } from './agents/presets.js';
export {
  type AgentCommand,
  type AgentConfig,
  type PresetOverrides,
  resolveAgent,
} from './agents/resolve-agent.js';
export { statementFile } from './attempt/attempt-files.js';
export { attemptMark } from './attempt/mark.js';
export { readStatement, writeStatement } from './attempt/statement.js';
export { type AgentExamination, type AgentPlace, examineAgent } from './check/examine-agent.js';
export type { DialectName } from './dialects/dialects.js';
export { ProcessLauncher, type ProcessLauncherOptions } from './process-launcher.js';
export type { ProjectCommand } from './prompt/commands.js';
export { code, inline, listed } from './prompt/inline.js';
export type { WatchedRun } from './run/process-run.js';
export { attemptDialect, transcriptOf } from './run/transcript.js';
export type {
  SandboxMode,
  SandboxNetwork,
  SandboxOptions,
  SandboxRepository,
} from './sandbox/sandbox-options.js';
export { findSandbox, type SandboxSupport, type SandboxTool } from './sandbox/sandbox-tool.js';

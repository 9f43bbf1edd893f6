export type { RepositoryCommand, ResolvedConfig, ShellCommand } from './config/resolved-config.js';

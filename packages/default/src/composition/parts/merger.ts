import type { Gate, Merger } from '@pwt/core';
import { CommandGate, GitMerger } from '@pwt/merger';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Project } from '../../project/project.js';
import { identityOf } from './identity.js';

/** The built-in merger. */
export function makeMerger({ git, repository }: Project): Merger {
  return new GitMerger({ git, commonDir: repository.commonDir, signing: repository.signing });
}

/** The configured gate, if there is one. */
export function makeGate(project: Project, config: ResolvedConfig): Gate | undefined {
  const { gate: command, gateMode: mode, gateTimeout: timeoutMs, env } = config;
  if (command === undefined) return undefined;
  const identity = () => identityOf(project);
  return new CommandGate({ command, mode, timeoutMs, env: project.env, environment: env?.gate, identity });
}

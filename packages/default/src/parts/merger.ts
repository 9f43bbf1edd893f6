import type { Gate, Merger } from '@pwt/core';
import { CommandGate, GitMerger } from '@pwt/merger';
import type { ResolvedConfig } from '../config/resolved-config.js';
import type { Project } from '../project/project.js';

/** The built-in merger. */
export function makeMerger({ git, repository }: Project): Merger {
  return new GitMerger({ git, commonDir: repository.commonDir });
}

/** The configured gate command, if there is one. */
export function makeGate({ env }: Project, { gate }: ResolvedConfig): Gate | undefined {
  return gate === undefined ? undefined : new CommandGate({ ...gate, env });
}

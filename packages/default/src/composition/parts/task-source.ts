import type { TaskSource } from '@pwt/core';
import { extendVocabulary, type Memory } from '@pwt/separator';
import { SpecFolderSource } from '@pwt/sources';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Project } from '../../project/project.js';

/** The built-in source: spec files in the places that the configuration names. */
export function makeTaskSource(
  { root }: Project,
  { specs, vocabulary }: ResolvedConfig,
  memory: Memory,
): TaskSource {
  return new SpecFolderSource({
    root,
    memory,
    ...(specs === undefined ? {} : { globs: specs }),
    ...(vocabulary === undefined ? {} : { vocabulary: extendVocabulary(vocabulary) }),
  });
}

import type { TaskSource } from '@pwt/core';
import { extendVocabulary, type ResultCache } from '@pwt/separator';
import { openFormat } from '@pwt/sources';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Project } from '../../project/project.js';

/** The built-in source: spec files in the places that the configuration names. */
export function makeTaskSource(
  { root }: Project,
  { specs, vocabulary }: ResolvedConfig,
  cache: ResultCache,
): TaskSource {
  return openFormat('spec-files', {
    root,
    cache,
    options: specs && { globs: specs },
    vocabulary: vocabulary && extendVocabulary(vocabulary),
  });
}

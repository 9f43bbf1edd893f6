import type { Separator } from '@pwt/core';
import { extendVocabulary, type Memory, RegexSpecSeparator } from '@pwt/separator';
import type { ResolvedConfig } from '../../config/resolved-config.js';

/** The built-in separator, with the words that the configuration adds. */
export function makeSeparator({ vocabulary }: ResolvedConfig, memory: Memory): Separator {
  return new RegexSpecSeparator({
    memory,
    ...(vocabulary === undefined ? {} : { vocabulary: extendVocabulary(vocabulary) }),
  });
}

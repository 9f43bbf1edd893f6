import type { Separator } from '@pwt/core';
import { extendVocabulary, RegexSpecSeparator, type ResultCache } from '@pwt/separator';
import type { ResolvedConfig } from '../../config/resolved-config.js';

/** The built-in separator, with the words that the configuration adds. */
export function makeSeparator({ vocabulary }: ResolvedConfig, cache: ResultCache): Separator {
  return new RegexSpecSeparator({
    cache,
    ...(vocabulary === undefined ? {} : { vocabulary: extendVocabulary(vocabulary) }),
  });
}

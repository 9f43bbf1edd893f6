import type { Separator } from '@pwt/core';
import { extendVocabulary, RegexSpecSeparator } from '@pwt/separator';
import type { ResolvedConfig } from '../config/resolved-config.js';

/** The built-in separator, with the words that the configuration adds. */
export function makeSeparator({ vocabulary }: ResolvedConfig): Separator {
  return new RegexSpecSeparator(vocabulary === undefined ? {} : { vocabulary: extendVocabulary(vocabulary) });
}

import { mentionsPhrase } from '../words.js';
import { mentionsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';

/** ``Do not modify `x` ``, `(read only)`, `no changes needed`: the paths of such a line stay as they are. */
export const untouchedLine: ExtractionRule = {
  name: 'untouched-line',
  kinds: ['heading', 'item', 'text', 'table'],
  apply(input) {
    if (!mentionsPhrase(input.words, input.vocabulary.untouched)) return undefined;
    return mentionsIn(input, {
      confidence: 'inferred',
      setting: 'marked',
      mode: 'read',
      untouched: true,
    });
  },
};

import { mentionsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';

/** Any path set as code or as a link, anywhere. Used only for a task in which no other rule found anything. */
export const mentioned: ExtractionRule = {
  name: 'mentioned',
  kinds: ['heading', 'item', 'text'],
  apply(input) {
    return mentionsIn(input, { rule: mentioned.name, confidence: 'possible', setting: 'marked' });
  },
};

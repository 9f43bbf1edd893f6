import { mentionsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';

/** Any path set as code or as a link, anywhere. Counts only for a task in which nothing else names a file that changes. */
export const mentioned: ExtractionRule = {
  name: 'mentioned',
  kinds: ['heading', 'item', 'text'],
  apply(input) {
    return mentionsIn(input, { confidence: 'possible', standing: 'fallback', setting: 'marked' });
  },
};

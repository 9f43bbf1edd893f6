import { mentionsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';
import { verbMode } from './topic.js';

/** A list item that starts with a verb: ``- [ ] Add the flag to `src/cli.ts` ``. */
export const verbItem: ExtractionRule = {
  name: 'verb-item',
  apply(input) {
    const { line, words, vocabulary } = input;
    if (line.kind !== 'item') return undefined;
    const verb = words.slice(1, words.indexOf(' ', 1));
    const mode = verbMode(verb, vocabulary);
    if (!mode) return undefined;
    const reads = mode === 'read';
    return mentionsIn(input, {
      rule: verbItem.name,
      confidence: reads ? 'possible' : 'inferred',
      setting: 'marked',
      mode,
    });
  },
};

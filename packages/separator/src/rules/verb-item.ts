import type { ClaimMode } from '@pwt/core';
import { endsInPhrase, wordsOf } from '../words.js';
import { intoFolder } from './into-folder.js';
import { mentionsIn, statedIn } from './mentions.js';
import { firstWord, verbMode } from './modes.js';
import type { ExtractionRule, Mention, RuleInput } from './rule.js';

/** A list item or a line that starts with a verb: ``- [ ] Add the flag to `src/cli.ts` ``. */
export const verbItem: ExtractionRule = {
  name: 'verb-item',
  kinds: ['item', 'text'],
  apply(input) {
    const { words, vocabulary } = input;
    const mode = verbMode(firstWord(words), vocabulary);
    if (!mode) return undefined;
    const kind = { setting: 'marked' } as const;
    if (mode === 'read') return mentionsIn(input, { ...kind, mode, confidence: 'possible' });
    const named = statedIn(input, { ...kind, mode, confidence: 'inferred' });
    const found = named.filter((mention) => !endsInPhrase(wordsBefore(mention, input), vocabulary.citations));
    if (found.length === 0 && named.length > 0) return undefined;
    if (mode === 'create') return intoFolder(found, input.tree);
    return found.map((mention) => ({ ...mention, mode: modeOf(mode, mention, input) }));
  },
};

/** ``Remove `a.ts` `` deletes the file; ``Remove the flag from `a.ts` `` changes it. */
function modeOf(mode: ClaimMode, mention: Mention, input: RuleInput): ClaimMode {
  if (mode === 'write') return mode;
  const before = wordsBefore(mention, input);
  return before.trim().split(' ').length <= 3 && !endsInPhrase(before, input.vocabulary.inside)
    ? mode
    : 'write';
}

function wordsBefore(mention: Mention, { line }: RuleInput): string {
  return wordsOf(line.body.slice(0, line.body.indexOf(mention.text)));
}

import { mentionsPhrase, wordsOf } from '../words.js';
import { mentionsIn } from './mentions.js';
import { verbMode } from './modes.js';
import type { ExtractionRule, RuleInput } from './rule.js';

/** ``Do not modify `x` ``, `(read only)`, `no changes needed`: the paths of such a line stay as they are. */
export const untouchedLine: ExtractionRule = {
  name: 'untouched-line',
  kinds: ['heading', 'item', 'text', 'table'],
  apply(input) {
    if (!mentionsPhrase(input.words, input.vocabulary.untouched) || changesBefore(input)) return undefined;
    return mentionsIn(input, {
      confidence: 'inferred',
      setting: 'marked',
      mode: 'read',
      untouched: true,
    });
  },
};

/** ``Create the page `src/a.ts`, a read-only view``: a verb before the paths, and such words behind them all. */
function changesBefore({ line, marked, vocabulary }: RuleInput): boolean {
  const [first] = marked;
  const last = marked.at(-1);
  if (!first || !last) return false;
  const before = wordsOf(line.body.slice(0, first.at));
  const after = wordsOf(line.body.slice(last.at + last.text.length));
  const verb = before.split(' ').find((word) => verbMode(word, vocabulary) !== undefined);
  if (verb === undefined || verbMode(verb, vocabulary) === 'read') return false;
  const isRemark = /^[`*_\s]*[([–—-]+\s*/.exec(line.body.slice(last.at + last.text.length));
  const said = isRemark ? after.trim() : '';
  return mentionsPhrase(after, vocabulary.untouched) && !vocabulary.untouched.includes(said);
}

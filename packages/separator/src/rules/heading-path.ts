import { endsInPhrase, wordsOf } from '../words.js';
import { isPathText, mentionsIn, statedIn } from './mentions.js';
import { modeOfWords, verbMode } from './modes.js';
import type { ExtractionRule, Mention, RuleInput } from './rule.js';

/** A heading that names a file: ``### 1. Update `src/a.ts` ``, `### src/a.ts`; of the title, what it says is done. */
export const headingPath: ExtractionRule = {
  name: 'heading-path',
  kinds: ['heading'],
  apply(input) {
    if (input.line.heading?.level === 1) return inTitle(input);
    const mode = modeOfWords(input.words, input.vocabulary) ?? input.topic.mode;
    const kind = {
      confidence: input.topic.kind === 'files' ? 'declared' : 'inferred',
      setting: isPathText(input.line.body, 'named', input.tree) ? 'named' : 'marked',
      ...(mode ? { mode } : {}),
    } as const;
    return mentionsIn(input, kind);
  },
};

/**
 * ``# Refactor `src/a.ts` `` says what is done to the file. A title without a verb in front of it
 * only says what the task is about, which counts if nothing else does.
 */
function inTitle(input: RuleInput): readonly Mention[] {
  const { line, vocabulary } = input;
  const found = statedIn(input, { setting: 'marked', confidence: 'possible', standing: 'fallback' });
  return found.flatMap((mention) => {
    const before = wordsOf(line.body.slice(0, line.body.indexOf(mention.text)));
    if (endsInPhrase(before, vocabulary.citations)) return [];
    const verbs = before.split(' ').filter((word) => verbMode(word, vocabulary) !== undefined);
    const verb = verbs.find((word) => verbMode(word, vocabulary) !== 'read') ?? verbs[0];
    const mode = verb === undefined ? undefined : verbMode(verb, vocabulary);
    if (mode === undefined) return [mention];
    if (mode === 'read') return [{ text: mention.text, mode, confidence: 'possible' as const }];
    const isWhole = before.trim().endsWith(verb as string);
    const done = mode === 'create' || isWhole ? mode : ('write' as const);
    return [{ text: mention.text, mode: done, confidence: 'inferred' as const }];
  });
}

import { mentionsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';

const ARROW = /→|->|=>|⇒/;

/** ``Rename `a` to `b` ``, ``Move `a` → `b` ``: claims both ends. */
export const renamePair: ExtractionRule = {
  name: 'rename-pair',
  apply(input) {
    const { line, words, vocabulary, topic } = input;
    if (line.kind !== 'item' && line.kind !== 'text') return undefined;
    const isRename =
      topic.mode === 'rename'
        ? ARROW.test(line.body) || words.includes(' to ')
        : vocabulary.verbs.rename.some((verb) => words.startsWith(` ${verb} `));
    if (!isRename) return undefined;
    const ends = mentionsIn(input, {
      rule: renamePair.name,
      confidence: topic.kind === 'files' ? 'declared' : 'inferred',
      setting: 'marked',
      mode: 'rename',
    });
    return ends.length === 2 ? ends : undefined;
  },
};

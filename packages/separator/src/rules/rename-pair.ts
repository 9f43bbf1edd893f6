import { isFolder } from './into-folder.js';
import { mentionsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';

const ARROW = /→|->|=>|⇒/;

/** ``Rename `a` to `b` ``, ``Move `a` → `b` ``: claims both ends; with a folder as the end, the file in it. */
export const renamePair: ExtractionRule = {
  name: 'rename-pair',
  kinds: ['item', 'text'],
  apply(input) {
    const { line, words, vocabulary, topic } = input;
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
    const [from, to] = ends;
    if (!from || !to || ends.length > 2) return undefined;
    const name = from.text.slice(from.text.lastIndexOf('/') + 1);
    const moves = isFolder(to.text, input.tree) && !isFolder(from.text, input.tree);
    return [from, moves ? { ...to, text: `${to.text.replace(/\/+$/, '')}/${name}` } : to];
  },
};

import type { TrackedPaths } from '../paths/tracked-paths.js';
import { perVocabulary } from '../vocabulary.js';
import { anyPhrase, mentionsPhrase, WORD_END, WORD_START } from '../words.js';
import { isFolder } from './into-folder.js';
import { mentionsIn, statedIn } from './mentions.js';
import { firstWord, modeOfWord } from './modes.js';
import type { ExtractionRule, Mention, RuleInput } from './rule.js';

const ARROW = /→|->|=>|⇒/;
const link = perVocabulary(
  ({ destinations }) => new RegExp(`→|->|=>|⇒|${WORD_START}${anyPhrase(destinations)}${WORD_END}`, 'gu'),
);

/**
 * ``Rename `a` to `b` ``, ``Moved `a` → `b` ``, in a list of files also `a → b`: claims both ends. With a
 * folder as the end, what is moved into it; a folder that moves takes the end for a folder, too.
 */
export const renamePair: ExtractionRule = {
  name: 'rename-pair',
  kinds: ['heading', 'item', 'text'],
  apply(input) {
    if (!announcesRename(input)) return undefined;
    const ends = endsIn(input);
    const to = ends.at(-1);
    if (!to || ends.length < 2) return undefined;
    const links = input.line.body.match(link(input.vocabulary))?.length ?? 0;
    if (ends.length % 2 === 0 && links >= ends.length / 2) {
      return ends.map((end, at) => (at % 2 === 0 ? end : endOf(ends[at - 1] as Mention, end, input.tree)));
    }
    if (ends.length > 2 && !isFolder(to.text, input.tree)) return undefined;
    const moved = ends.slice(0, -1);
    return [...moved, ...moved.map((from) => endOf(from, to, input.tree))];
  },
};

/** The paths of the line. Where a folder goes is a folder, too, whether or not it looks like one. */
function endsIn(input: RuleInput): readonly Mention[] {
  const kind = {
    confidence: input.topic.kind === 'files' ? 'declared' : 'inferred',
    mode: 'rename',
  } as const;
  const ends = statedIn(input, { ...kind, setting: 'marked' });
  const [only] = ends;
  const isLoneFolder = ends.length === 1 && only !== undefined && isFolder(only.text, input.tree);
  return isLoneFolder ? mentionsIn(input, { ...kind, setting: 'named' }) : ends;
}

function announcesRename({ line, words, vocabulary, topic }: RuleInput): boolean {
  if (modeOfWord(firstWord(words), vocabulary) === 'rename') return true;
  if (topic.mode === 'rename' && mentionsPhrase(words, vocabulary.destinations)) return true;
  return topic.kind === 'files' && ARROW.test(line.body) && isBarePair(line.body);
}

/** True for `a → b` with nothing but the two names on the sides of the arrow, and a remark in brackets. */
function isBarePair(body: string): boolean {
  const sides = body.replace(/\s\([^()]{0,60}\)\s*$/, '').split(ARROW);
  return sides.length === 2 && sides.every((side) => /^\s*\S+\s*$/.test(side.replace(/`[^`]*`/g, 'x')));
}

/** Where something ends up: a file that moves to a folder is in it then. */
function endOf(from: Mention, to: Mention, tree: TrackedPaths): Mention {
  const end = to.text.replace(/\/+$/, '');
  if (isFolder(from.text, tree)) return { ...to, text: `${end}/` };
  return isFolder(to.text, tree)
    ? { ...to, text: `${end}/${from.text.slice(from.text.lastIndexOf('/') + 1)}` }
    : to;
}

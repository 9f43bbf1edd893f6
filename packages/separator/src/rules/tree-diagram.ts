import type { SpecLine } from '../markdown/line.js';
import { perVocabulary, type Vocabulary } from '../vocabulary.js';
import { anyPhrase, hasPhrase, WORD_END, wordsOf } from '../words.js';
import { isPathText } from './mentions.js';
import { modeOfWords } from './modes.js';
import type { ExtractionRule, Mention, RuleInput } from './rule.js';

/** `├── name`, `|-- name`; not the borders of a box. */
const BRANCH = /[├└][─-]{1,4}\s+\S|^\s*[|`]--\s+\S/;
const ENTRY = /^([\s│|├└─`-]*)(?:[─-]+\s+)?([^\s#←(].*)$/u;

/**
 * A directory tree drawn with lines, in a code fence. If some entries are marked (`new`, `modified`), only
 * those count; otherwise all files of the tree that do not exist yet do.
 */
export const treeDiagram: ExtractionRule = {
  name: 'tree-diagram',
  kinds: ['fence', 'code'],
  apply(input) {
    const { line } = input;
    // A drawn tree in a list of files is this rule's, not the list's.
    if (line.kind === 'code') return input.topic.kind === 'files' && isDrawn(input) ? [] : undefined;
    if (line.fence?.openedAt !== line.number || line.fence.isTranscript) return undefined;
    const body = fenceBody(input);
    if (!body.some((entry) => BRANCH.test(entry.body))) return undefined;
    const entries = readTree(body, input);
    const marked = entries.filter((entry) => entry.mode);
    return marked.length > 0 ? marked : entries.filter((entry) => isNew(entry, input));
  },
};

function isDrawn(input: RuleInput): boolean {
  const { line } = input;
  if (BRANCH.test(line.body)) return true;
  const last = input.lineAt(1);
  return line.fence !== undefined && last?.fence?.openedAt === line.fence.openedAt && BRANCH.test(last.body);
}

function isNew(entry: Mention, { tree }: RuleInput): boolean {
  return tree.endingWith(entry.text).length === 0 && !tree.hasDirectory(entry.text);
}

function fenceBody(input: RuleInput): readonly SpecLine[] {
  const body: SpecLine[] = [];
  for (let line = input.lineAt(1); line?.kind === 'code'; line = input.lineAt(body.length + 1))
    body.push(line);
  return body;
}

/** What an entry of the tree stands under: a folder, or a caption such as `Phase 2: Documents`, which is none. */
interface Parent {
  readonly column: number;
  readonly folder: string | undefined;
  /** True for a caption such as `New files:`. */
  readonly announcesFiles?: boolean;
}

function readTree(body: readonly SpecLine[], input: RuleInput): readonly Mention[] {
  const parents: Parent[] = [];
  const found: Mention[] = [];
  for (const line of body) {
    const match = ENTRY.exec(line.body.slice(0, 400));
    const text = match?.[2] ?? '';
    const [name = '', ...rest] = text.split(/\s+/);
    if (!/[\p{L}\p{N}]/u.test(name)) continue;
    const column = line.body.indexOf(name);
    while (parents.length > 0 && (parents.at(-1) as Parent).column >= column) parents.pop();
    if (isCaption(text, input)) {
      const announcesFiles = hasPhrase(wordsOf(text), input.vocabulary.fileSections);
      parents.push({ column, folder: undefined, announcesFiles });
      continue;
    }
    const folders = parents.flatMap(({ folder }) => (folder === undefined ? [] : [folder]));
    const path = [...folders, name.replace(/\/+$/, '')].filter((part) => part !== '.');
    if (name.endsWith('/') || !/\.\w+$/.test(name)) {
      parents.push({ column, folder: path.at(-1) ?? '' });
    }
    if (name.endsWith('/') || !isPathText(name, 'marked', input.tree)) continue;
    const mode =
      modeOfWords(wordsOf(rest.join(' ')), input.vocabulary) ??
      newMark(rest, input.vocabulary) ??
      input.topic.mode;
    // Below a caption alone, nobody knows in which folder a file is.
    const isAdrift = folders.length < parents.length && path.length < 2 && !name.includes('/');
    const isAnnounced = input.topic.kind === 'files' || parents.some((parent) => parent.announcesFiles);
    if (isAdrift && mode === undefined && !isAnnounced) continue;
    found.push({
      text: withoutUnknownRoot(path, input),
      line: line.number,
      confidence: 'inferred',
      ...(mode && mode !== 'read' ? { mode } : {}),
    });
  }
  return found;
}

/** What follows the name of an entry: a remark in brackets, a comment, an arrow, or a description further right. */
const REMARK = /\s+(?:[#(←*[]|\/\/|[-–—]{1,2}\s|<-)|\s{2,}|\t/;

/** True for the words above or within a tree that are no name: `Level 2: Documents`, `New files:`. */
function isCaption(text: string, { tree }: RuleInput): boolean {
  const [head = ''] = text.split(REMARK, 1);
  const [name = ''] = head.split(/\s/, 1);
  if (/[:：]$/.test(head) || /[:：]\s/.test(head)) return true;
  return head !== name && !/[/.]/.test(name) && !tree.hasDirectory(name);
}

const marksNew = perVocabulary(
  ({ newMarks }) => new RegExp(`^[([*#]*${anyPhrase(newMarks)}${WORD_END}`, 'iu'),
);

function newMark(rest: readonly string[], vocabulary: Vocabulary): 'create' | undefined {
  return rest.some((word) => marksNew(vocabulary).test(word)) ? 'create' : undefined;
}

/** Drops a first part that is the name of the project rather than a folder in it. */
function withoutUnknownRoot(path: readonly string[], { tree }: RuleInput): string {
  const [root = '', second = ''] = path;
  const known = tree.hasDirectory(root) || path.length < 3;
  return (known || !tree.hasDirectory(second) ? path : path.slice(1)).join('/');
}

import type { SpecLine } from '../markdown/line.js';
import { perVocabulary, type Vocabulary } from '../vocabulary.js';
import { anyPhrase, WORD_END, wordsOf } from '../words.js';
import { isPathText } from './mentions.js';
import type { ExtractionRule, Mention, RuleInput } from './rule.js';
import { modeOfWords } from './topic.js';

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
    if (line.fence?.openedAt !== line.number) return undefined;
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

function readTree(body: readonly SpecLine[], input: RuleInput): readonly Mention[] {
  const parents: { readonly column: number; readonly name: string }[] = [];
  const found: Mention[] = [];
  for (const line of body) {
    const match = ENTRY.exec(line.body.slice(0, 400));
    const [name = '', ...rest] = (match?.[2] ?? '').split(/\s+/);
    if (!match || !/[\p{L}\p{N}]/u.test(name)) continue;
    const column = line.body.indexOf(name);
    while (parents.length > 0 && (parents.at(-1) as { column: number }).column >= column) parents.pop();
    const path = [...parents.map((parent) => parent.name), name.replace(/\/+$/, '')].filter(
      (part) => part !== '.',
    );
    if (name.endsWith('/') || !/\.\w+$/.test(name)) {
      parents.push({ column, name: path.at(-1) ?? '' });
    }
    if (name.endsWith('/') || !isPathText(name, 'marked', input.tree)) continue;
    const mode =
      modeOfWords(wordsOf(rest.join(' ')), input.vocabulary) ??
      newMark(rest, input.vocabulary) ??
      input.topic.mode;
    const text = withoutUnknownRoot(path, input);
    found.push({
      text,
      line: line.number,
      confidence: 'inferred',
      ...(mode && mode !== 'read' ? { mode } : {}),
    });
  }
  return found;
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

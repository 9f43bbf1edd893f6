import { cellsOf } from '../markdown/table.js';
import { perVocabulary, type Vocabulary } from '../vocabulary.js';
import { hasPhrase, wordsOf } from '../words.js';
import { modeOfRemark } from './file-label.js';
import { mentionsIn } from './mentions.js';
import { modeOfWords } from './modes.js';
import { saysReading } from './reading.js';
import type { ExtractionRule, Mention, RuleInput } from './rule.js';

/** Which columns of a table name files, and say what is done to them. */
interface FileColumns {
  readonly files: readonly number[];
  readonly action: number;
}

/**
 * A row of a table with a column `File` or `Path` and a column `Action` or `Change`, or with the former alone in a
 * section that lists files.
 */
export const fileTable: ExtractionRule = {
  name: 'file-table',
  kinds: ['table'],
  apply(input) {
    const { line, topic, vocabulary } = input;
    const columns = line.columns && columnsOf(line.columns, vocabulary);
    if (!columns || (columns.action < 0 && topic.kind !== 'files')) return undefined;
    const cells = cellsOf(line.body);
    const action = cells[columns.action]?.text ?? '';
    const found = columns.files.flatMap((column) => {
      const cell = cells[column];
      return cell ? mentionsIn(input, kindOf(cell.text, action, input), cell.at, cell.end) : [];
    });
    return found.length > 0 ? found : undefined;
  },
};

type Kind = Omit<Mention, 'text' | 'line'> & { readonly setting: 'named' };

function kindOf(file: string, action: string, { topic, vocabulary }: RuleInput): Kind {
  const words = wordsOf(action);
  if (saysReading(words, vocabulary)) return { confidence: 'inferred', setting: 'named', mode: 'read' };
  const mode = modeOfRemark(action, vocabulary) ?? modeOfRemark(file, vocabulary) ?? topic.mode;
  return {
    confidence: topic.kind === 'files' || modeOfWords(words, vocabulary) ? 'declared' : 'inferred',
    standing: 'listed',
    setting: 'named',
    ...(mode ? { mode } : {}),
  };
}

const known = perVocabulary(
  () => new WeakMap<readonly string[], { readonly columns: FileColumns | undefined }>(),
);

/** A table of several tasks, one a row, says nothing of this one. */
function columnsOf(titles: readonly string[], vocabulary: Vocabulary): FileColumns | undefined {
  const tables = known(vocabulary);
  let found = tables.get(titles);
  if (!found) {
    const words = titles.map((title) => wordsOf(title));
    const files = words.flatMap((title, at) => (namesFiles(title, vocabulary) ? [at] : []));
    const isOfTasks = words.some((title) => hasPhrase(title, vocabulary.taskWords));
    const action = words.findIndex(
      (title, at) => !files.includes(at) && hasPhrase(title, vocabulary.actionColumns),
    );
    found = { columns: files.length === 0 || isOfTasks ? undefined : { files, action } };
    tables.set(titles, found);
  }
  return found.columns;
}

function namesFiles(title: string, { fileLabels, fileSections, actionColumns }: Vocabulary): boolean {
  if (hasPhrase(title, actionColumns)) return false;
  return hasPhrase(title, fileLabels) || hasPhrase(title, fileSections);
}

import { hasPhrase, wordsOf } from '../words.js';
import { mentionsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';
import { modeOfWords } from './topic.js';

/** ``**File**: `src/a.ts` `` and its relatives: Location, Path, Module, Files to modify. */
export const fileLabel: ExtractionRule = {
  name: 'file-label',
  apply(input) {
    const { line, vocabulary } = input;
    if (line.label === undefined || !line.value) return undefined;
    const label = wordsOf(line.label);
    if (!hasPhrase(label, vocabulary.fileLabels) && !hasPhrase(label, vocabulary.fileSections))
      return undefined;
    const mode =
      modeOfWords(label, vocabulary) ?? modeOfWords(remarkOf(line.value), vocabulary) ?? input.topic.mode;
    const found = mentionsIn(
      input,
      { rule: fileLabel.name, confidence: 'declared', setting: 'named', ...(mode ? { mode } : {}) },
      line.body.length - line.value.length,
    );
    return found.length > 0 ? found : undefined;
  },
};

/** The words outside code: `(NEW)`, `← deleted`. */
export function remarkOf(text: string): string {
  return wordsOf(text.replace(/`[^`]*`/g, ' '));
}

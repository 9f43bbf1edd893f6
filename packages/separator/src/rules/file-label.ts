import type { ClaimMode } from '@pwt/core';
import type { Vocabulary } from '../vocabulary.js';
import { hasPhrase, wordsOf } from '../words.js';
import { subjectsIn } from './mentions.js';
import { modeOfWords } from './modes.js';
import type { ExtractionRule } from './rule.js';

/** ``**File**: `src/a.ts` `` and its relatives: Location, Path, Module, Files to modify. */
export const fileLabel: ExtractionRule = {
  name: 'file-label',
  kinds: ['item', 'text'],
  apply(input) {
    const { line, vocabulary } = input;
    if (line.label === undefined || !line.value) return undefined;
    const label = wordsOf(line.label);
    if (!hasPhrase(label, vocabulary.fileLabels) && !hasPhrase(label, vocabulary.fileSections))
      return undefined;
    const mode = modeOfWords(label, vocabulary) ?? modeOfRemark(line.value, vocabulary) ?? input.topic.mode;
    const found = subjectsIn(
      input,
      { confidence: 'declared', setting: 'named', ...(mode ? { mode } : {}) },
      line.body.length - line.value.length,
    );
    return found.length > 0 ? found : undefined;
  },
};

/** A value without a remark, as most are. */
const ONLY_CODE = /^`[^`]*`$/;

/**
 * What the words beside a path say is done to it: `(NEW)`, `← deleted`. A longer remark may speak of other
 * things that go away, so only a short one makes a path deleted or renamed.
 */
export function modeOfRemark(text: string, vocabulary: Vocabulary): ClaimMode | undefined {
  if (ONLY_CODE.test(text)) return undefined;
  const words = wordsOf(text.replace(/`[^`]*`/g, ' '));
  const mode = modeOfWords(words, vocabulary);
  const isShort = words.trim().split(' ').length <= 3;
  return isShort || mode === 'create' || mode === 'write' ? mode : undefined;
}

import { isPathText, mentionsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';
import { modeOfWords } from './topic.js';

/** A heading that names a file: ``### 1. Update `src/a.ts` ``, `### src/a.ts`. */
export const headingPath: ExtractionRule = {
  name: 'heading-path',
  kinds: ['heading'],
  apply(input) {
    if (input.line.heading?.level === 1) return [];
    const mode = modeOfWords(input.words, input.vocabulary) ?? input.topic.mode;
    const kind = {
      confidence: input.topic.kind === 'files' ? 'declared' : 'inferred',
      setting: isPathText(input.line.body, 'named', input.tree) ? 'named' : 'marked',
      ...(mode ? { mode } : {}),
    } as const;
    return mentionsIn(input, kind);
  },
};

import { mentionsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';

/** Paths under `Context to read`, which are read, and under `References`, `Related`, `Out of scope`, which say nothing. */
export const contextSection: ExtractionRule = {
  name: 'context-section',
  kinds: ['heading', 'item', 'text', 'table', 'fence'],
  apply(input) {
    if (input.topic.kind === 'ignored') return [];
    if (input.topic.kind !== 'reading') return undefined;
    // `Read: docs/a.md` names a file; the prose of such a section has to set it off.
    const setting = input.line.value ? 'named' : 'marked';
    return mentionsIn(input, { confidence: 'inferred', setting, mode: 'read' });
  },
};

import { modeOfRemark } from './file-label.js';
import { mentionsIn, subjectsIn } from './mentions.js';
import { hasReadingRemark, startsWithReading } from './reading.js';
import type { ExtractionRule } from './rule.js';

/** A line of a fence that is a path and at most a remark, rather than code with a path in it. */
const LISTED = /^\s*(?:[-*]\s+)?`?[^\s()'"`=]+`?(?:\s+[-–—#(←].*)?\s*$/;

/** The lines under `## File Scope`, `Files to create`, `**Files**:` and the like. */
export const fileSection: ExtractionRule = {
  name: 'file-section',
  kinds: ['item', 'text', 'code'],
  apply(input) {
    const { line, topic, vocabulary } = input;
    if (topic.kind !== 'files' || (line.kind === 'text' && line.under === undefined)) return undefined;
    if (line.kind === 'code' && (line.fence?.isTranscript || !LISTED.test(line.body.slice(0, 500))))
      return undefined;
    if (startsWithReading(input.words, vocabulary) || hasReadingRemark(line.body, vocabulary))
      return mentionsIn(input, { confidence: 'inferred', setting: 'named', mode: 'read' });
    const mode = modeOfRemark(line.body, vocabulary) ?? topic.mode;
    const found = subjectsIn(input, {
      confidence: 'declared',
      standing: 'listed',
      setting: 'named',
      ...(mode ? { mode } : {}),
    });
    return found.length > 0 ? found : undefined;
  },
};

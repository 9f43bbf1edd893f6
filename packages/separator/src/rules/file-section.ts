import { modeOfRemark } from './file-label.js';
import { subjectsIn } from './mentions.js';
import type { ExtractionRule } from './rule.js';

/** A line of a fence that is a path and at most a remark, rather than code with a path in it. */
const LISTED = /^\s*(?:[-*]\s+)?`?[^\s()'"`=]+`?(?:\s+[-–—#(←].*)?\s*$/;

/** The lines under `## File Scope`, `Files to create`, `**Files**:` and the like. */
export const fileSection: ExtractionRule = {
  name: 'file-section',
  kinds: ['item', 'text', 'code'],
  apply(input) {
    const { line, topic } = input;
    if (topic.kind !== 'files' || (line.kind === 'text' && line.under === undefined)) return undefined;
    if (line.kind === 'code' && !LISTED.test(line.body.slice(0, 500))) return undefined;
    const mode = modeOfRemark(line.body, input.vocabulary) ?? topic.mode;
    const found = subjectsIn(input, {
      confidence: 'declared',
      standing: 'listed',
      setting: 'named',
      ...(mode ? { mode } : {}),
    });
    return found.length > 0 ? found : undefined;
  },
};

import type { SpecLine } from '../markdown/line.js';
import { spansOf } from '../markdown/spans.js';
import { isPathText } from './mentions.js';
import type { ExtractionRule, Mention, RuleInput } from './rule.js';

const COMMENT = /^\s*(?:#|\/\/|--|;|%|\/\*+|<!--|"""|''')\s*(?:file(?:name)?\s*:\s*)?([^\s*]+)\s*(.{0,80})$/i;

/** A path in the info string of a fence, in the comment at its head, or as the caption right above it. */
export const fenceHead: ExtractionRule = {
  name: 'fence-head',
  kinds: ['fence'],
  apply(input) {
    const { line } = input;
    if (line.fence?.openedAt !== line.number) return undefined;
    const text = inInfo(line, input) ?? inComment(input) ?? inCaption(input);
    if (!text) return undefined;
    const mention: Mention = {
      text,
      line: line.number,
      rule: fenceHead.name,
      confidence: 'inferred',
      setting: 'marked',
    };
    return [mention];
  },
};

function inInfo(line: SpecLine, { tree }: RuleInput): string | undefined {
  const words = (line.fence?.info ?? '').split(/[\s"'=]+|^[\w+-]+:/).slice(0, 20);
  return words.find((word) => word.length > 3 && isPathText(word, 'marked', tree));
}

function inComment({ lines, index, tree }: RuleInput): string | undefined {
  for (const line of lines.slice(index + 1, index + 3)) {
    if (line.kind !== 'code') return undefined;
    const [, path = '', rest = ''] = COMMENT.exec(line.body.slice(0, 300)) ?? [];
    if (!path.includes('.') || !isPathText(path, 'marked', tree)) continue;
    return rest === '' || /^(?:[-–—(*]|<!|-->|""")/.test(rest.trim()) ? path : undefined;
  }
  return undefined;
}

function inCaption({ lines, index, tree }: RuleInput): string | undefined {
  let above = lines[index - 1];
  if (above?.kind === 'blank') above = lines[index - 2];
  if (!above || above.kind === 'code' || above.kind === 'fence' || above.body.length > 200) return undefined;
  if (!/:\s*(?:\*\*)?$/.test(above.body) && above.kind !== 'heading') return undefined;
  const marked = spansOf(above.body).filter(
    (span) => span.kind === 'code' && isPathText(span.text, 'marked', tree),
  );
  return marked.length === 1 ? marked[0]?.text : undefined;
}

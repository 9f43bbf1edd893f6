import type { SpecLine } from '../markdown/line.js';
import { LineSpans } from '../markdown/spans.js';
import { perVocabulary } from '../vocabulary.js';
import { anyPhrase } from '../words.js';
import { isPathText } from './mentions.js';
import type { ExtractionRule, RuleInput } from './rule.js';

const comment = perVocabulary(
  ({ fileWords }) =>
    new RegExp(
      `^\\s*(?:#|//|--|;|%|/\\*+|<!--|"""|''')\\s*(?:${anyPhrase(fileWords)}\\s*:\\s*)?([^\\s*]+)\\s*(.{0,80})$`,
      'iu',
    ),
);

/** A path in the info string of a fence, in the comment at its head, or as the caption right above it. */
export const fenceHead: ExtractionRule = {
  name: 'fence-head',
  kinds: ['fence'],
  apply(input) {
    const { line } = input;
    if (line.fence?.openedAt !== line.number || line.fence.isTranscript) return undefined;
    const text = inInfo(line, input) ?? inComment(input) ?? inCaption(input);
    if (!text) return undefined;
    return [{ text, confidence: 'inferred' }];
  },
};

function inInfo(line: SpecLine, { tree }: RuleInput): string | undefined {
  const words = (line.fence?.info ?? '').split(/[\s"'=]+|^[\w+-]+:/).slice(0, 20);
  return words.find((word) => word.length > 3 && isPathText(word, 'marked', tree));
}

function inComment(input: RuleInput): string | undefined {
  const { vocabulary, tree } = input;
  for (const line of [input.lineAt(1), input.lineAt(2)]) {
    if (line?.kind !== 'code') return undefined;
    const [, path = '', rest = ''] = comment(vocabulary).exec(line.body.slice(0, 300)) ?? [];
    if (!path.includes('.') || !isPathText(path, 'marked', tree)) continue;
    return rest === '' || /^(?:[-–—(*]|<!|-->|""")/.test(rest.trim()) ? path : undefined;
  }
  return undefined;
}

function inCaption(input: RuleInput): string | undefined {
  const { vocabulary, tree } = input;
  let above = input.lineAt(-1);
  if (above?.kind === 'blank') above = input.lineAt(-2);
  if (!above || above.kind === 'code' || above.kind === 'fence' || above.body.length > 200) return undefined;
  if (!/:\s*(?:\*\*)?$/.test(above.body) && above.kind !== 'heading') return undefined;
  const marked = new LineSpans(above.body, '', vocabulary).marked.filter(
    (span) => span.kind === 'code' && isPathText(span.text, 'marked', tree),
  );
  return marked.length === 1 ? marked[0]?.text : undefined;
}

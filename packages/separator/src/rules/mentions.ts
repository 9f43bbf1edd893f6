import type { Span } from '../markdown/spans.js';
import { looksLikePath, type Setting } from '../paths/looks-like-path.js';
import { readPath } from '../paths/read-path.js';
import type { TreeIndex } from '../paths/tree-index.js';
import type { Mention, RuleInput } from './rule.js';

/** What a rule says about the mentions it finds. */
export type MentionKind = Omit<Mention, 'text' | 'line'>;

/** The spans that are paths, each as a mention; without code spans and links if they name any path, words count too. */
export function mentionsIn(input: RuleInput, kind: MentionKind, from = 0): readonly Mention[] {
  const candidates = input.spans.filter((span) => span.at >= from);
  const marked = candidates.filter((span) => span.kind !== 'bare' && isPath(span, kind.setting, input.tree));
  const spans =
    marked.length > 0 || kind.setting !== 'named'
      ? marked
      : candidates.filter((span) => span.kind === 'bare' && isPath(span, 'loose', input.tree));
  return spans.map((span) => ({ ...kind, text: span.text, line: input.line.number }));
}

function isPath(span: Span, setting: Setting, tree: TreeIndex): boolean {
  return isPathText(span.text, span.kind === 'quoted' && setting === 'marked' ? 'loose' : setting, tree);
}

/** True if a piece of text names a path, also one outside the repository, which is reported later. */
export function isPathText(text: string, setting: Setting, tree: TreeIndex): boolean {
  const reading = readPath(text);
  if (reading.kind === 'path') return looksLikePath(reading.path, setting, tree);
  if (reading.kind === 'none') return false;
  return setting === 'named' ? !/^\/[a-z]+(?:\/[\w:{}-]*)*$/i.test(text) || SYSTEM_ROOT.test(text) : false;
}

const SYSTEM_ROOT =
  /^\/(?:etc|usr|var|home|tmp|opt|root|bin|sbin|dev|proc|sys|mnt|srv|lib|Users|private|Library)\//;

import { type Claim, type Diagnostic, defined } from '@pwt/core';
import { englishVocabulary } from '../english.js';
import { splitLabel } from '../markdown/label.js';
import type { SpecLine } from '../markdown/line.js';
import { readLines } from '../markdown/read-lines.js';
import { perVocabulary, type Vocabulary } from '../vocabulary.js';
import { anyPhrase, hasPhrase, wordsOf } from '../words.js';
import { type DependencyMention, findDependencies } from './dependencies.js';
import { parseDurationMs } from './duration.js';
import { frontMatterLineCount, readFrontMatter } from './front-matter.js';

/** What one spec file says about its task, without the paths in its prose. */
export interface ParsedSpec {
  readonly path: string;
  readonly text: string;
  /** From front matter only. */
  readonly id?: string;
  /** Front matter, or else the first heading. */
  readonly title?: string;
  readonly priority?: number;
  readonly estimateMs?: number;
  /** From front matter only: labels of the machine that the task needs. */
  readonly runsOn?: Readonly<Record<string, string>>;
  readonly dependsOn: readonly DependencyMention[];
  /** Claims from front matter. */
  readonly declared: readonly Claim[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads title, dependencies, estimate and front matter of a spec. Pure; never throws; linear in the text. */
export function parseSpec(
  text: string,
  path: string,
  vocabulary: Vocabulary = englishVocabulary,
): ParsedSpec {
  const front = readFrontMatter(text, path, vocabulary);
  const lines = readLines(text, 1, frontMatterLineCount(text));
  const title = front.title ?? findTitle(lines, vocabulary);
  const estimateMs = front.estimateMs ?? findEstimateMs(lines, vocabulary);
  return {
    path,
    text,
    dependsOn: front.dependsOn ?? findDependencies(lines, vocabulary),
    declared: front.claims,
    diagnostics: front.diagnostics,
    ...defined({ id: front.id, title, priority: front.priority, estimateMs, runsOn: front.runsOn }),
  };
}

/** `SPEC-020: `, `Technical Spec - `: a prefix that is no part of the title. */
const numbering = perVocabulary(
  ({ titlePrefixes }) =>
    new RegExp(
      `^(?:${anyPhrase(titlePrefixes)}\\s*[-#:]?\\s*(?:[A-Z]{0,5}-?\\d[\\d.-]*)?)\\s*[:–—-]\\s+`,
      'iu',
    ),
);

function findTitle(lines: readonly SpecLine[], vocabulary: Vocabulary): string | undefined {
  const heading = lines.find((line) => line.kind === 'heading' && line.body !== '');
  const text = heading?.body.replace(/[*`]/g, '').trim().slice(0, 200);
  return text ? text.replace(numbering(vocabulary), '') || text : undefined;
}

function findEstimateMs(lines: readonly SpecLine[], vocabulary: Vocabulary): number | undefined {
  for (const line of lines) {
    const labelled = line.kind === 'heading' || line.kind === 'table' ? splitLabel(line.body) : line;
    const { label, value } = labelled ?? {};
    if (label === undefined || !hasPhrase(wordsOf(label), vocabulary.estimates)) continue;
    const estimateMs = parseDurationMs(value ?? '', vocabulary);
    if (estimateMs !== undefined) return estimateMs;
  }
  return undefined;
}

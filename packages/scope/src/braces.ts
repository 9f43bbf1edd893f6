import type { Lexeme, Token } from './lex.js';
import { LIMITS } from './limits.js';
import { refusal } from './refuse.js';

/** A pattern without braces. */
export type Flat = readonly (Token | '/')[];

type Node = Token | '/' | readonly Sequence[];
type Sequence = readonly Node[];

const OPEN = 0x7b;
const COMMA = 0x2c;
const CLOSE = 0x7d;

/**
 * The alternatives that `{a,b}` stands for, in order; braces without a comma stand for themselves, as in a shell.
 * The number and total size are computed before anything is expanded: O(result).
 *
 * @throws PwtError `PWT_PATTERN_UNBALANCED`, `PWT_PATTERN_BRACE` for a `{1..3}` range, `PWT_PATTERN_TOO_LARGE`.
 */
export function expandBraces(lexemes: readonly Lexeme[], text: string): Flat[] {
  const sequence = parseSequence(lexemes, text);
  const { count, size } = measure(sequence);
  if (count > LIMITS.alternatives || size > LIMITS.totalSize) {
    throw refusal(
      'PWT_PATTERN_TOO_LARGE',
      text,
      `expands to more than ${LIMITS.alternatives} alternatives or ${LIMITS.totalSize} characters.`,
      'Use a wildcard, or split it into several patterns.',
    );
  }
  return expand(sequence);
}

function parseSequence(lexemes: readonly Lexeme[], text: string): Sequence {
  const unbalanced = (mark: string) =>
    refusal(
      'PWT_PATTERN_UNBALANCED',
      text,
      `has a "${mark}" without its counterpart.`,
      `Close it, or write "\\${mark}" for the character itself.`,
    );
  const open: Node[][][] = [];
  let options: Node[][] = [[]];
  for (const lexeme of lexemes) {
    const current = options[options.length - 1] as Node[];
    if (lexeme === '{') {
      open.push(options);
      options = [[]];
      if (open.length > LIMITS.braceDepth) {
        throw refusal(
          'PWT_PATTERN_TOO_LARGE',
          text,
          `nests braces deeper than ${LIMITS.braceDepth}.`,
          'Write the alternatives side by side.',
        );
      }
    } else if (lexeme === ',') {
      if (open.length === 0) current.push(COMMA);
      else options.push([]);
    } else if (lexeme === '}') {
      const outer = open.pop();
      if (!outer) throw unbalanced('}');
      if (isRange(options)) {
        throw refusal(
          'PWT_PATTERN_BRACE',
          text,
          'uses a brace range "{x..y}", which this dialect does not have.',
          'Write the alternatives out as {1,2,3}, or use a class such as [1-3].',
        );
      }
      const target = outer[outer.length - 1] as Node[];
      if (options.length === 1) target.push(OPEN, ...(options[0] as Node[]), CLOSE);
      else target.push(options);
      options = outer;
    } else {
      current.push(lexeme);
    }
  }
  if (open.length > 0) throw unbalanced('{');
  return options[0] as Node[];
}

function isRange(options: readonly Sequence[]): boolean {
  const only = options.length === 1 ? options[0] : undefined;
  if (!only?.every((node): node is number => typeof node === 'number')) return false;
  return /^(-?\d+|[a-z])\.\.(-?\d+|[a-z])(\.\.-?\d+)?$/i.test(String.fromCodePoint(...only));
}

function measure(sequence: Sequence): { count: number; size: number } {
  let count = 1;
  let size = 0;
  for (const node of sequence) {
    let nodeCount = 1;
    let nodeSize = 1;
    if (Array.isArray(node)) {
      const options = (node as readonly Sequence[]).map(measure);
      nodeCount = options.reduce((sum, option) => sum + option.count, 0);
      nodeSize = options.reduce((sum, option) => sum + option.size, 0);
    }
    size = size * nodeCount + nodeSize * count;
    count *= nodeCount;
  }
  return { count, size };
}

function expand(sequence: Sequence): (Token | '/')[][] {
  let results: (Token | '/')[][] = [[]];
  for (const node of sequence) {
    if (!Array.isArray(node)) {
      for (const result of results) result.push(node as Token | '/');
      continue;
    }
    const options = (node as readonly Sequence[]).flatMap(expand);
    results = results.flatMap((result) => options.map((option) => [...result, ...option]));
  }
  return results;
}

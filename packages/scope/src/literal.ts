import type { Alternative, Pattern, PatternList } from './pattern.js';
import { literalSegment, type Segment } from './segment.js';

const PLAIN = /^[^\0\\*?[\]{}(),!:/]+(?:\/[^\0\\*?[\]{}(),!:/]+)*$/;
const DOTS = /(?:^|\/)\.{1,2}(?:\/|$)/;
const LONGEST = 255;

const NONE: readonly Pattern[] = [];

/**
 * A plain path, in three roles: as a pattern, as the list of that one pattern, and as its only reading. Most claims are
 * plain paths, by the ten thousand: one keeps its text alone and makes everything else when it is read.
 */
class PlainPath implements Pattern, PatternList, Alternative {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get negated(): boolean {
    return false;
  }

  get alternatives(): readonly Alternative[] {
    return [this];
  }

  get include(): readonly Pattern[] {
    return [this];
  }

  get exclude(): readonly Pattern[] {
    return NONE;
  }

  get literal(): string {
    return this.text;
  }

  get items(): readonly Segment[] {
    return this.prefixNames.map(literalSegment);
  }

  get prefixNames(): readonly string[] {
    return this.text.split('/');
  }

  get prefix(): string {
    return this.text;
  }

  get suffix(): string {
    return this.text;
  }

  get below(): boolean {
    return false;
  }

  get deep(): boolean {
    return false;
  }
}

/** The pattern of a text without any special character; `undefined` for any other text. O(n). */
export function plainPath(text: string): (Pattern & PatternList) | undefined {
  if (text.length > LONGEST || !PLAIN.test(text) || DOTS.test(text)) return undefined;
  return new PlainPath(text);
}

import type { Alternative } from './pattern.js';
import { literalSegment, type Segment } from './segment.js';

const PLAIN = /^[^\0\\*?[\]{}(),!:/]+(?:\/[^\0\\*?[\]{}(),!:/]+)*$/;
const DOTS = /(?:^|\/)\.{1,2}(?:\/|$)/;
const LONGEST = 255;

/**
 * A path as a pattern. Most claims are plain paths, by the ten thousand: one is kept as its text, and its
 * segments are made when something asks for them.
 */
class LiteralAlternative implements Alternative {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }

  get items(): readonly Segment[] {
    return this.prefixNames.map(literalSegment);
  }

  get prefixNames(): readonly string[] {
    return this.literal.split('/');
  }

  get prefix(): string {
    return this.literal;
  }

  get suffix(): string {
    return this.literal;
  }

  get below(): boolean {
    return false;
  }

  get deep(): boolean {
    return false;
  }
}

/** The reading of a text in which nothing has a meaning beyond itself; `undefined` for any other text. O(n). */
export function plainAlternative(text: string): Alternative | undefined {
  if (text.length > LONGEST || !PLAIN.test(text) || DOTS.test(text)) return undefined;
  return new LiteralAlternative(text);
}

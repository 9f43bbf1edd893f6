import type { SpecLine } from './line.js';

/** A label with nothing behind its colon: what stands below it belongs to it. */
interface OpenLabel {
  readonly label: string;
  readonly indent: number;
  readonly kind: SpecLine['kind'];
  /** In emphasis: `**Output**:`, not `Output:`. */
  readonly isSet: boolean;
  /** Whether an item further in has come: then one that is not further in stands beside the label. */
  holdsItems: boolean;
  /** `empty` so far; a `run` of lines such as `Files created: a.ts`; `closed` to more of these. */
  lines: 'empty' | 'run' | 'closed';
}

/** A line, as far as it decides which labels hold for it. */
export interface PlacedLine {
  readonly kind: SpecLine['kind'];
  readonly indent: number;
  readonly isLabel: boolean;
  readonly isSet: boolean;
}

/** The labels that hold for the lines of a text: of the list below each, and of lists within that list. */
export class OpenLabels {
  #open: OpenLabel[] = [];
  #names: readonly string[] | undefined;

  /** The labels that hold now, the nearest first; `undefined` if there are none. The same array until they change. */
  get names(): readonly string[] | undefined {
    return this.#names;
  }

  open(label: string, { kind, indent, isSet }: PlacedLine): void {
    this.#open.push({ label, indent, kind, isSet, holdsItems: false, lines: 'empty' });
    this.#rename();
  }

  /** Closes the labels that don't hold for this line. */
  enter(line: PlacedLine): void {
    if (this.#open.length === 0) return;
    const before = this.#open.length;
    for (let top = this.#open.at(-1); top && ends(top, line); top = this.#open.at(-1)) this.#open.pop();
    const top = this.#open.at(-1);
    if (top) {
      top.lines = isRunOf(top, line) ? 'run' : 'closed';
      if (line.kind === 'item' && line.indent > top.indent) top.holdsItems = true;
    }
    if (this.#open.length !== before) this.#rename();
  }

  /** An empty line. */
  pause(): void {
    const top = this.#open.at(-1);
    if (top?.lines === 'run') top.lines = 'closed';
  }

  clear(): void {
    this.#open = [];
    this.#names = undefined;
  }

  #rename(): void {
    this.#names = this.#open.length === 0 ? undefined : this.#open.map(({ label }) => label).reverse();
  }
}

/** A label holds for the list below it: until a paragraph, or the next label of its own kind. */
function ends(open: OpenLabel, line: PlacedLine): boolean {
  const { kind, indent, isLabel } = line;
  if (isRunOf(open, line)) return false;
  if (isLabel) return indent <= open.indent && (kind !== 'item' || open.kind === 'item');
  if (kind === 'item') return open.kind === 'item' && open.holdsItems && indent <= open.indent;
  return kind === 'text' && indent === 0;
}

/** `Files created: a.ts` right below `**Output**:` is what that label announces, and no label beside it. */
function isRunOf(open: OpenLabel, { kind, isLabel, isSet }: PlacedLine): boolean {
  return (
    open.isSet && open.kind === 'text' && open.lines !== 'closed' && kind === 'text' && isLabel && !isSet
  );
}

/** One heading of a spec, with the headings it stands under. */
export interface Heading {
  readonly title: string;
  /** 1–6. */
  readonly level: number;
  readonly line: number;
  readonly parent: Heading | undefined;
}

/** A code fence, as its lines see it. */
export interface Fence {
  readonly info: string;
  readonly openedAt: number;
  /** What a terminal shows: commands and their output. */
  readonly isTranscript?: true;
}

/** One line of a spec together with where it stands. */
export interface SpecLine {
  /** The line in its file, from 1. */
  readonly number: number;
  readonly kind: 'blank' | 'heading' | 'item' | 'text' | 'table' | 'fence' | 'code';
  /** Columns of white space in front; a tab counts as four. */
  readonly indent: number;
  /** The text without heading marks, quote marks, bullet, number and check box. */
  readonly body: string;
  readonly heading: Heading | undefined;
  /** Set on the lines of a code fence, its opening line included. */
  readonly fence?: Fence;
  /** True for an item whose check box is ticked. */
  readonly checked?: true;
  /** What stands before the colon of a label such as `**File**:`. */
  readonly label?: string;
  /** What stands after that colon. */
  readonly value?: string;
  /** The label of an earlier line that this line still belongs to: `**Files**:` above a list. */
  readonly under?: string;
  /** That label and those around it, the nearest first, if there are several. */
  readonly labels?: readonly string[];
  /** The titles of the columns, of a row of a table that has a head. */
  readonly columns?: readonly string[];
}

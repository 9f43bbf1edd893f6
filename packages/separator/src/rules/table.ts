import { contextSection } from './context-section.js';
import { fenceHead } from './fence-head.js';
import { fileLabel } from './file-label.js';
import { fileSection } from './file-section.js';
import { fileTable } from './file-table.js';
import { headingPath } from './heading-path.js';
import { mentioned } from './mentioned.js';
import { renamePair } from './rename-pair.js';
import type { ExtractionRule } from './rule.js';
import { treeDiagram } from './tree-diagram.js';
import { untouchedLine } from './untouched-line.js';
import { verbItem } from './verb-item.js';

/** The rules, in the order in which each line goes to them. */
export const defaultRules: readonly ExtractionRule[] = [
  untouchedLine,
  contextSection,
  renamePair,
  fileLabel,
  treeDiagram,
  fileSection,
  fileTable,
  fenceHead,
  headingPath,
  verbItem,
  mentioned,
];

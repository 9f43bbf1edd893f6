import { defined } from '@pwt/core';
/** What a `PROMPT.md` says about itself. */
export interface ParsedPrompt {
  /** From `# Task: TP-067 - Title`; absent if the heading names none. */
  readonly id?: string;
  readonly title?: string;
  /** The ids under `## Dependencies`. */
  readonly dependsOn: readonly string[];
  /** From `**Size:** M`. */
  readonly estimateMs?: number;
}

const HOUR_MS = 60 * 60 * 1000;
/** The middle of what the format means by its sizes: under 2 h, 2–4 h, 4–8 h. */
const sizesMs: Readonly<Record<string, number>> = { S: HOUR_MS, M: 3 * HOUR_MS, L: 6 * HOUR_MS };

const HEADING = /^# +(?:Task: *)?(?:([A-Za-z][A-Za-z0-9]{0,15}-\d{1,8})(?: *[-:–—] *|$))?(.*)$/;
const SIZE = /^\*\*Size:\*\* *([SML])\b/m;
/** `- **None** (TP-181 is merged already)`, `- **Note:** TP-060 is in progress`. */
const NO_DEPENDENCY = /^\s*(?:(?:[-*+]|\d+[.)])\s+)?(?:\*\*|__)?(?:none\b|note:)/i;
const TASK_ID = /\b[A-Z][A-Z0-9]{0,15}-\d{1,8}\b/g;

/** Reads a `PROMPT.md`. Linear in the text. */
export function parsePrompt(text: string): ParsedPrompt {
  const heading = HEADING.exec(text.split('\n').find((line) => line.startsWith('# ')) ?? '');
  const id = heading?.[1]?.toUpperCase();
  const title = heading?.[2]?.trim();
  const estimateMs = sizesMs[SIZE.exec(text)?.[1] ?? ''];
  const dependsOn = [...new Set(dependenciesIn(section(text, 'dependencies')))].filter(
    (other) => other !== id,
  );
  return {
    ...(id ? { id } : {}),
    ...(title ? { title } : {}),
    dependsOn,
    ...defined({ estimateMs }),
  };
}

/** A section that begins with "None" has none: what it lists behind that is background. */
function dependenciesIn(lines: readonly string[]): readonly string[] {
  const first = lines.find((line) => line.trim() !== '');
  return first !== undefined && NO_DEPENDENCY.test(first) ? [] : lines.flatMap(idsIn);
}

/**
 * Only list items name dependencies; in prose, other tasks are mentioned for many reasons, and so they are in
 * notes and behind "None".
 */
function idsIn(line: string): readonly string[] {
  return /^\s*(?:[-*+]|\d+[.)])\s/.test(line) && !NO_DEPENDENCY.test(line)
    ? (line.match(TASK_ID) ?? []).slice(0, 1)
    : [];
}

function section(text: string, name: string): readonly string[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.trim().toLowerCase() === `## ${name}`);
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^##? /.test(line));
  return end < 0 ? rest : rest.slice(0, end);
}

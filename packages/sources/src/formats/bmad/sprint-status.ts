/** A line of `sprint-status.yaml`: `  1-1-user-login: ready-for-dev`. */
export interface SprintEntry {
  readonly key: string;
  readonly status: string;
  /** From 1. */
  readonly line: number;
}

const SECTION = /^development_status[ \t]*:/;
const ENTRY =
  /^([ \t]+)(["']?)([\w.-]+)\2([ \t]*:[ \t]*)(["']?)([A-Za-z][\w -]*?)\5(?=[ \t]*(?:[ \t]#.*)?\r?$)/;

/** The stories of a sprint, in the order of the file, line by line: its comments are a part of it that has to stay. */
export function sprintEntries(text: string): readonly SprintEntry[] {
  const entries: SprintEntry[] = [];
  let isWithin = false;
  for (const [at, line] of text.split('\n').entries()) {
    if (/^\S/.test(line) && !line.startsWith('#')) isWithin = SECTION.test(line);
    const [, , , key, , , status] = (isWithin && ENTRY.exec(line.slice(0, 400))) || [];
    if (key !== undefined && status !== undefined) entries.push({ key, status, line: at + 1 });
  }
  return entries;
}

/** The text with another status on a line. All else stays. */
export function withSprintStatus(text: string, line: number, status: string): string {
  const lines = text.split('\n');
  const before = lines[line - 1] ?? '';
  return lines
    .with(
      line - 1,
      before.replace(
        ENTRY,
        (_, indent: string, quote: string, key: string, colon: string, mark: string) =>
          `${indent}${quote}${key}${quote}${colon}${mark}${status}${mark}`,
      ),
    )
    .join('\n');
}

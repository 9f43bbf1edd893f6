/** A file of a recording. */
export interface RecordedFile {
  /** Relative, with `/`. */
  readonly path: string;
  /** Permission bits, octal. */
  readonly mode: string;
  readonly text: string;
}

/**
 * Many files as one text: per file a line `mode length path`, then its content, of that many UTF-16 units, and a line
 * break. Small files that are never edited by hand are easier to read so than in dozens of folders.
 */
export function formatFiles(files: readonly RecordedFile[]): string {
  return files.map(({ path, mode, text }) => `${mode} ${text.length} ${path}\n${text}\n`).join('');
}

/** Reads what {@link formatFiles} has written. */
export function parseFiles(list: string): RecordedFile[] {
  const files: RecordedFile[] = [];
  for (let at = 0; at < list.length; ) {
    const end = list.indexOf('\n', at);
    const [, mode = '', length = '', path = ''] = /^(\d+) (\d+) (.+)$/.exec(list.slice(at, end)) ?? [];
    const start = end + 1;
    if (path === '') throw new Error(`not the head of a file: ${list.slice(at, end)}`);
    files.push({ path, mode, text: list.slice(start, start + Number(length)) });
    at = start + Number(length) + 1;
  }
  return files;
}

import { type Diagnostic, defined } from '@pwt/core';
import type { SourceFileSystem } from './file-system.js';

/** Larger files hold no tasks that an agent could read. */
const MAX_BYTES = 5_000_000;

export interface ReadTextRequest {
  /** Where the file is. Absolute. */
  readonly absolutePath: string;
  /** Its path in diagnostics: relative to the root. */
  readonly path: string;
  /** The task that the file belongs to, where its name says so. */
  readonly taskId?: string | undefined;
}

export interface ReadText {
  /** Absent if the file can't be used. */
  readonly text?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one file as text. Problems become diagnostics; never rejects. */
export async function readText(
  { absolutePath, path, taskId }: ReadTextRequest,
  fs: SourceFileSystem,
): Promise<ReadText> {
  const problem = (
    code: Diagnostic['code'],
    severity: Diagnostic['severity'],
    message: string,
    hint?: string,
    line = 1,
  ) => ({
    ...{ code, severity, message: `"${path}" ${message}`, path, line },
    ...defined({ hint }),
    ...(taskId === undefined ? {} : { taskIds: [taskId] }),
  });
  let read: Awaited<ReturnType<SourceFileSystem['read']>>;
  try {
    read = await fs.read(absolutePath, MAX_BYTES + 1);
  } catch (error) {
    const { message } = error as Error;
    return { diagnostics: [problem('PWT_SPEC_UNREADABLE', 'error', `can't be read: ${message}`)] };
  }
  if (read.sizeBytes > MAX_BYTES) {
    const size = `is ${Math.ceil(read.sizeBytes / 1_000_000)} MB; specs are read up to ${MAX_BYTES / 1_000_000} MB.`;
    return {
      diagnostics: [problem('PWT_SPEC_TOO_LARGE', 'error', size, 'Split it, or move data out of the spec.')],
    };
  }
  const { text, isExact } = decode(read.bytes);
  if (isBinary(text)) {
    return { diagnostics: [problem('PWT_SPEC_BINARY', 'error', 'is not a text file; it is left out.')] };
  }
  const clean = text.replaceAll('\0', '\ufffd');
  if (text.trim() === '') {
    return {
      text: clean,
      diagnostics: [problem('PWT_SPEC_EMPTY', 'warning', 'is empty.', 'Write what is to be done.')],
    };
  }
  if (isExact && !text.includes('\0')) return { text: clean, diagnostics: [] };
  const damage = isExact ? 'has NUL bytes' : 'is not valid UTF-8';
  const message = `${damage}; what can't be read is shown as "\ufffd".`;
  const line = lineOf(isExact ? '\0' : '\ufffd', text);
  return {
    text: clean,
    diagnostics: [problem('PWT_SPEC_ENCODING', 'warning', message, undefined, line)],
  };
}

/** The line of the first occurrence of a character. */
function lineOf(char: string, text: string): number {
  return text.slice(0, text.indexOf(char)).split('\n').length;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): { readonly text: string; readonly isExact: boolean } {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (isUtf16) return { text: new TextDecoder('utf-16le').decode(bytes), isExact: true };
  try {
    return { text: utf8.decode(bytes), isExact: true };
  } catch {
    // Reported as PWT_SPEC_ENCODING; the rest of the text is read.
    return { text: new TextDecoder('utf-8').decode(bytes), isExact: false };
  }
}

/** True if more than a tenth of the beginning is neither text nor white space. */
function isBinary(text: string): boolean {
  const head = text.slice(0, 8000);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being counted
  const strange = head.match(/[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd]/g)?.length ?? 0;
  return strange > head.length / 10;
}

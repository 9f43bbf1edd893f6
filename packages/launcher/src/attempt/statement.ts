import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const MAX_BYTES = 64 * 1024;
const MAX_CHARACTERS = 2000;

/**
 * Writes an agent's statement that nothing has to be changed into the file of its attempt, in place of an earlier one. The file
 * has to be there: the launcher makes it, and a sandbox lets the agent write it and nothing beside it.
 */
export async function writeStatement(file: string, noChange: string): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    await handle.truncate(0);
    await handle.writeFile(`${JSON.stringify({ noChange: bounded(noChange) })}\n`);
  } finally {
    await handle.close();
  }
}

/** What an agent has stated; `undefined` if it has not, or if what stands in the file is no statement. */
export async function readStatement(file: string): Promise<string | undefined> {
  const text = await plainText(file);
  const line = text?.slice(0, text.indexOf('\n'));
  if (line === undefined || line === '') return undefined;
  try {
    const { noChange } = JSON.parse(line) as { readonly noChange?: unknown };
    const said = typeof noChange === 'string' ? bounded(noChange) : '';
    return said === '' ? undefined : said;
  } catch {
    // Half of one, or something else: it states nothing.
    return undefined;
  }
}

/** On one line, without what controls a terminal. */
function bounded(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.slice(0, MAX_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '');
}

/** The file is the agent's: it may be anything by now, such as a pipe that nobody writes to. */
async function plainText(path: string): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

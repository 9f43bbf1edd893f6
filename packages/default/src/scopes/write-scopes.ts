import { lstat, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PwtError } from '@pwt/core';
import { Checkout } from '@pwt/sources';
import { type Document, isMap } from 'yaml';
import { parseDocumentOf } from './parse-scopes.js';
import { INVALID, SCOPES_FILE, type ScopeFiles } from './scope-files.js';

const HEAD = ` The files of tasks whose texts do not name them. Plans read it; edit it as you like.
 "for" says for which text of the task they were proposed.`;

/**
 * The file with these scopes in place of earlier ones of the same tasks. Everything else stays, comments included.
 *
 * @throws PwtError as {@link requireWritable}
 */
export async function writeScopes(
  root: string,
  scopes: ReadonlyMap<string, { readonly files: ScopeFiles; readonly key: string }>,
): Promise<string> {
  const document = await requireWritable(root);
  for (const [id, { files, key }] of scopes) {
    const entry = document.createNode({ ...files, for: key });
    document.set(id, entry);
  }
  if (isMap(document.contents)) document.contents.flow = false;
  const file = join(root, SCOPES_FILE);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, document.toString({ lineWidth: 0 }));
  await rename(draft, file);
  return file;
}

/**
 * What is in the file now, to be changed.
 *
 * @throws PwtError `PWT_SCOPES_FILE_INVALID` if what is there can't be kept, or is elsewhere
 */
export async function requireWritable(root: string): Promise<Document> {
  for (const path of [dirname(SCOPES_FILE), SCOPES_FILE]) {
    const stats = await lstat(join(root, path)).catch(() => undefined);
    if (stats?.isSymbolicLink()) throw unusable(`${path} is a symbolic link`, 1);
  }
  const text = await new Checkout(root).read(SCOPES_FILE);
  const { document, problem } = parseDocumentOf(text ?? '{}');
  if (problem !== undefined) throw unusable(problem.what, problem.line);
  if (text === undefined) document.commentBefore = HEAD;
  return document;
}

function unusable(what: string, line: number): PwtError {
  return new PwtError(INVALID, `Nothing can be written to ${SCOPES_FILE}: ${what}.`, {
    hint: 'Mend it by hand, or move it away.',
    place: { path: SCOPES_FILE, line },
  });
}

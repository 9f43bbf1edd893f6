import { lstat, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Claim, type Diagnostic, PwtError, type Task } from '@pwt/core';
import { tryParsePattern } from '@pwt/scope';
import { Checkout } from '@pwt/sources';
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { ScopeFiles, ScopeMode } from './read-answer.js';

/** Where reviewed scopes of tasks are kept, relative to the root of the checkout. It is meant to be committed. */
export const SCOPES_FILE = '.pwt/scopes.yaml';

const HEAD = ` The files of tasks whose texts do not name them. Plans read it; edit it as you like.
 "for" says for which text of the task they were proposed.`;

const modes: readonly ScopeMode[] = ['write', 'create', 'delete'];

/** The scope of one task. */
interface Entry {
  readonly claims: readonly Claim[];
  /** The text for which it was proposed; see {@link textKey}. */
  readonly key: string | undefined;
  readonly line: number;
}

/** Tells texts of a task apart. */
export function textKey({ specs }: Pick<Task, 'specs'>): string {
  return specs.map(({ hash }) => hash.slice(0, 12)).join('-');
}

/** Gives tasks that state no scope themselves the one that the file has for them. */
export async function withScopes(
  root: string,
  tasks: readonly Task[],
): Promise<{ readonly tasks: readonly Task[]; readonly diagnostics: readonly Diagnostic[] }> {
  const checkout = new Checkout(root);
  const text = await checkout.read(SCOPES_FILE);
  if (text === undefined) return { tasks, diagnostics: checkout.problems };
  const { entries, diagnostics } = parseScopes(text);
  const stale: Diagnostic[] = [];
  const scoped = tasks.map((task) => {
    const entry = entries.get(task.id);
    const states = task.declared?.some(({ mode }) => mode !== 'read');
    if (entry === undefined || entry.claims.length === 0 || states) return task;
    if (entry.key !== undefined && entry.key !== textKey(task)) stale.push(staleScope(task.id, entry.line));
    return { ...task, declared: [...(task.declared ?? []), ...entry.claims] };
  });
  return { tasks: scoped, diagnostics: [...diagnostics, ...stale] };
}

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
  const { document, problem } = parsed(text ?? '{}');
  if (problem !== undefined) throw unusable(problem.what, problem.line);
  if (text === undefined) document.commentBefore = HEAD;
  return document;
}

interface Parsed {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  /** Why it can't be used at all. */
  readonly problem: { readonly what: string; readonly line: number } | undefined;
}

/** Ids are texts, also where they are written like numbers. */
function parsed(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  const [error] = document.errors;
  if (error) {
    const what = error.message.split('\n')[0] ?? '';
    return { document, lines, problem: { what, line: lines.linePos(error.pos[0]).line } };
  }
  const isUsable = document.contents === null || isMap(document.contents);
  const problem = isUsable ? undefined : { what: 'it is no map from ids to files', line: 1 };
  return { document, lines, problem };
}

function parseScopes(text: string): {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { document, lines, problem } = parsed(text);
  const lineAt = (node: Node | null | undefined) => lines.linePos(node?.range?.[0] ?? 0).line;
  if (problem !== undefined)
    return { entries: new Map(), diagnostics: [invalid(problem.what, problem.line)] };
  const diagnostics: Diagnostic[] = [];
  const entries = new Map<string, Entry>();
  for (const { key, value } of isMap<Node, Node>(document.contents) ? document.contents.items : []) {
    const line = lineAt(key);
    if (!isMap<Node, Node>(value)) {
      diagnostics.push(invalid(`${String(key)} has no map of files`, line));
      continue;
    }
    const claims = modes.flatMap((mode) => {
      const list = value.get(mode, true) as Node | undefined;
      const items = isSeq<Node>(list) ? list.items : list ? [list] : [];
      return items.flatMap((item): readonly Claim[] => {
        const pattern = isScalar(item) ? String(item.value) : '';
        const parsed = tryParsePattern(pattern);
        if (parsed.ok) return [claimOf(pattern, mode, lineAt(item))];
        diagnostics.push(invalid(`${JSON.stringify(pattern)}: ${parsed.error.message}`, lineAt(item)));
        return [];
      });
    });
    const known = value.get('for');
    entries.set(String(isScalar(key) ? key.value : key), {
      claims,
      line,
      key: typeof known === 'string' ? known : undefined,
    });
  }
  return { entries, diagnostics };
}

function claimOf(pattern: string, mode: ScopeMode, line: number): Claim {
  const place = { path: SCOPES_FILE, line };
  return { pattern, mode, class: 'exclusive', confidence: 'declared', place, rule: 'scopes-file' };
}

const INVALID = 'PWT_SCOPES_FILE_INVALID';

function unusable(what: string, line: number): PwtError {
  return new PwtError(INVALID, `Nothing can be written to ${SCOPES_FILE}: ${what}.`, {
    hint: 'Mend it by hand, or move it away.',
    place: { path: SCOPES_FILE, line },
  });
}

function invalid(what: string, line: number): Diagnostic {
  return {
    code: INVALID,
    severity: 'warning',
    message: `This is left out: ${what}.`,
    path: SCOPES_FILE,
    line,
  };
}

function staleScope(id: string, line: number): Diagnostic {
  return {
    code: 'PWT_SCOPE_STALE',
    severity: 'warning',
    message: `The files of task ${id} were proposed for an earlier text of it.`,
    hint: `Have them proposed again: pwt scope ${id}`,
    taskIds: [id],
    path: SCOPES_FILE,
    line,
  };
}

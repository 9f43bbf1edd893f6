import type { Claim, Diagnostic } from '@pwt/core';
import { tryParsePattern } from '@pwt/scope';
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { INVALID, SCOPES_FILE, type ScopeMode, scopeModes } from './scope-files.js';

/** The scope of one task. */
export interface ScopeEntry {
  readonly claims: readonly Claim[];
  /** The text for which it was proposed; see {@link textKey}. */
  readonly key: string | undefined;
  readonly line: number;
}

interface Parsed {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  /** Why it can't be used at all. */
  readonly problem: { readonly what: string; readonly line: number } | undefined;
}

/** Ids are texts, also where they are written like numbers. */
export function parseDocumentOf(text: string): Parsed {
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

/** Reads the file; what is wrong in it is left out and told. */
export function parseScopes(text: string): {
  readonly entries: ReadonlyMap<string, ScopeEntry>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { document, lines, problem } = parseDocumentOf(text);
  const lineAt = (node: Node | null | undefined) => lines.linePos(node?.range?.[0] ?? 0).line;
  if (problem !== undefined)
    return { entries: new Map(), diagnostics: [invalid(problem.what, problem.line)] };
  const diagnostics: Diagnostic[] = [];
  const entries = new Map<string, ScopeEntry>();
  for (const { key, value } of isMap<Node, Node>(document.contents) ? document.contents.items : []) {
    const line = lineAt(key);
    if (!isMap<Node, Node>(value)) {
      diagnostics.push(invalid(`${String(key)} has no map of files`, line));
      continue;
    }
    const claims = scopeModes.flatMap((mode) => {
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

function invalid(what: string, line: number): Diagnostic {
  return {
    code: INVALID,
    severity: 'warning',
    message: `This is left out: ${what}.`,
    path: SCOPES_FILE,
    line,
  };
}

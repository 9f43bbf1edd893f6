import { classOf } from '@pwt/claims';
import { type Claim, type ClaimMode, type Diagnostic, defined } from '@pwt/core';
import { tryParsePattern } from '@pwt/scope';
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
  visit,
} from 'yaml';
import { englishVocabulary } from '../english.js';
import { withSlashes } from '../paths/read-path.js';
import type { Vocabulary } from '../vocabulary.js';
import { parseDurationMs } from './duration.js';
import { listsPaths, modeOfKey, notedPath } from './front-matter-paths.js';
import { RUNS_ON, readMachineLabels } from './machine-labels.js';
import { normaliseSpecId } from './spec-name.js';

/** What the front matter of a spec states. */
export interface FrontMatter {
  readonly id?: string;
  readonly title?: string;
  readonly priority?: number;
  readonly estimateMs?: number;
  readonly dependsOn?: readonly { readonly id: string; readonly line: number }[];
  /** Labels of the machine that it needs. */
  readonly runsOn?: Readonly<Record<string, string>>;
  readonly claims: readonly Claim[];
  readonly diagnostics: readonly Diagnostic[];
}

const OPENING = /^\uFEFF?---[ \t]*\r?\n/;
const LONGEST = 100_000;
const HOUR_MS = 3_600_000;
const modes: Readonly<Record<string, ClaimMode>> = {
  files: 'write',
  scope: 'write',
  writes: 'write',
  creates: 'create',
  deletes: 'delete',
  reads: 'read',
};

/**
 * Reads YAML front matter: `id, title, priority, estimate, depends_on, runs-on, files, scope, creates, deletes, reads`, and other
 * keys for paths, such as `files_modified`. A list of paths under a key that is not known is reported.
 */
export function readFrontMatter(
  text: string,
  file: string,
  vocabulary: Vocabulary = englishVocabulary,
): FrontMatter {
  const source = sourceOf(text);
  if (source === undefined) return { claims: [], diagnostics: unclosed(text, file) };
  return new FrontMatterReader(source, file, vocabulary).read();
}

/** How many lines the front matter of a spec takes, both fences included; 0 if it has none. */
export function frontMatterLineCount(text: string): number {
  const source = sourceOf(text);
  return source === undefined ? 0 : source.split('\n').length + 1;
}

const UNCLOSED = /^\uFEFF?---[ \t]*\r?\n[A-Za-z_][\w-]{0,40}:(?:\s|$)/;

/** A first line of dashes may be a horizontal rule; with a key below it, it opens front matter. */
function unclosed(text: string, file: string): readonly Diagnostic[] {
  if (!UNCLOSED.test(text)) return [];
  const message = `The front matter is not closed by a line "---" within its first ${LONGEST} characters; it is read as text.`;
  return [{ code: 'PWT_FRONT_MATTER_INVALID', severity: 'warning', message, path: file, line: 1 }];
}

function sourceOf(text: string): string | undefined {
  if (!OPENING.test(text)) return undefined;
  const head = text.slice(0, LONGEST);
  const start = head.indexOf('\n') + 1;
  const end = /^(?:---|\.\.\.)[ \t]*\r?$/m.exec(head.slice(start));
  return end ? head.slice(start, start + end.index) : undefined;
}

class FrontMatterReader {
  readonly #source: string;
  readonly #file: string;
  readonly #vocabulary: Vocabulary;
  readonly #lines = new LineCounter();
  readonly #claims: Claim[] = [];
  readonly #diagnostics: Diagnostic[] = [];

  constructor(source: string, file: string, vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#source = source;
    this.#file = file;
  }

  read(): FrontMatter {
    const document = parseDocument(this.#source, { lineCounter: this.#lines, stringKeys: true });
    const [error] = document.errors;
    if (error) {
      this.#report('PWT_FRONT_MATTER_INVALID', withoutPlace(error.message), error.pos[0]);
      return { claims: [], diagnostics: this.#diagnostics };
    }
    const facts: { -readonly [key in keyof FrontMatter]?: FrontMatter[key] } = {};
    for (const { key, value } of isMap<Node, Node>(document.contents) ? document.contents.items : []) {
      const name = isScalar(key) ? String(key.value) : '';
      const mode = modeOfKey(name);
      if (Object.hasOwn(modes, name)) this.#readClaims(value, modes[name] as ClaimMode);
      else if (mode) this.#readPaths(value, mode);
      else if (RUNS_ON.includes(name)) Object.assign(facts, this.#readLabels(name, value, document));
      else if (isSeq(value) && listsPaths(name, scalars(value).map(textOf))) {
        this.#report('PWT_FRONT_MATTER_KEY', unknownKey(name), key.range?.[0] ?? 0, 'info', KEY_HINT);
      } else Object.assign(facts, this.#readFact(name, value));
    }
    return { ...facts, claims: this.#claims, diagnostics: this.#diagnostics };
  }

  #readFact(name: string, value: Node | null): Partial<FrontMatter> {
    if (name === 'depends_on' || name === 'dependsOn') {
      const ids = scalars(value).map((node) => ({
        id: normaliseSpecId(String(node.value)),
        line: this.#lineAt(node),
      }));
      return { dependsOn: ids.filter(({ id }) => id !== '') };
    }
    if (!isScalar(value) || value.value === null || value.value === undefined) return {};
    const text = String(value.value).trim();
    if (name === 'id') return { id: normaliseSpecId(text) };
    if (name === 'title') return { title: text };
    if (name === 'priority' && Number.isFinite(Number(text))) return { priority: Number(text) };
    if (name !== 'estimate') return {};
    const estimateMs = Number.isFinite(Number(text))
      ? Number(text) * HOUR_MS
      : parseDurationMs(text, this.#vocabulary);
    return defined({ estimateMs });
  }

  #readLabels(name: string, value: Node | null, document: Document): Pick<FrontMatter, 'runsOn'> {
    // As it is written: of a number, `1.10` is not 1.1.
    visit(value ?? new Scalar(null), { Scalar: (_key, node) => asWritten(node) });
    const read = readMachineLabels(value?.toJS(document, { maxAliasCount: 0 }));
    if ('labels' in read) return defined({ runsOn: read.labels });
    const message = `\`${name}\` is left out: ${read.problem}.`;
    this.#report('PWT_RUNS_ON_INVALID', message, value?.range?.[0] ?? 0, 'warning', LABELS_HINT);
    return {};
  }

  /** A string, a list of strings, or a map with such lists under the names of modes. */
  #readClaims(value: Node | null, mode: ClaimMode): void {
    if (isMap<Node, Node>(value)) {
      for (const { key, value: inner } of value.items) {
        const name = isScalar(key) ? String(key.value) : '';
        this.#readClaims(inner, modes[name] ?? modes[`${name}s`] ?? mode);
      }
      return;
    }
    for (const node of isSeq<Node>(value) ? value.items : value ? [value] : []) {
      if (!isScalar(node)) this.#report('PWT_FRONT_MATTER_INVALID', NO_PATH, node.range?.[0] ?? 0);
    }
    for (const node of scalars(value)) {
      if (node.value !== null) this.#claim(String(node.value), mode, node);
    }
  }

  /** The entries that are paths, under a key that other tools use for more than paths. */
  #readPaths(value: Node | null, mode: ClaimMode): void {
    for (const node of scalars(value)) {
      const noted = notedPath(textOf(node));
      if (noted) this.#claim(noted.path, noted.mode ?? mode, node);
    }
  }

  #claim(text: string, mode: ClaimMode, node: ListedScalar): void {
    const pattern = patternOf(text);
    const parsed = tryParsePattern(pattern);
    if (!parsed.ok) {
      this.#report(parsed.error.code, parsed.error.message, node.range?.[0] ?? 0);
      return;
    }
    this.#claims.push({
      pattern,
      mode,
      class: classOf(pattern),
      confidence: 'declared',
      place: { path: this.#file, line: this.#lineAt(node) },
      rule: 'front-matter',
    });
  }

  #report(
    code: Diagnostic['code'],
    message: string,
    offset: number,
    severity: Diagnostic['severity'] = 'warning',
    hint?: string,
  ): void {
    const place = { path: this.#file, line: this.#lines.linePos(offset).line + 1 };
    this.#diagnostics.push({ code, severity, message, ...place, ...defined({ hint }) });
  }

  #lineAt(node: ListedScalar): number {
    return this.#lines.linePos(node.range?.[0] ?? 0).line + 1;
  }
}

const KEY_HINT =
  'If the task changes them, call the key `files`, `creates` or `deletes`; if it only reads them, `reads`.';

const LABELS_HINT = 'For example: runs-on: {gpu: "1", os: linux}';

function asWritten(node: Scalar): void {
  if (typeof node.value === 'number' && node.source !== undefined) node.value = node.source;
}

function unknownKey(name: string): string {
  return `\`${name}\` lists paths, but is no key that pwt knows: they are not claimed.`;
}

function textOf({ value }: ListedScalar): string {
  return typeof value === 'string' ? value : '';
}

const NO_PATH = 'Files are named by a path, a list of paths, or a map from what is done to such lists.';

/**
 * A path as people write it, as a pattern: without `./`, Windows separators and a line number. A backslash
 * before anything but a letter or a digit is an escape of the language.
 */
function patternOf(text: string): string {
  const path = text.trim().replace(/(?<=\w):\d{1,7}(?:-\d{1,7})?$/, '');
  return (/\\[^\p{L}\p{N}_]/u.test(path) ? path : withSlashes(path)).replace(/^\.\//, '');
}

interface ListedScalar {
  readonly value?: unknown;
  readonly range?: Node['range'];
}

/** The scalars of a scalar or a list; a scalar of several names counts as all of them. */
function scalars(value: Node | null): readonly ListedScalar[] {
  if (isScalar(value)) {
    if (typeof value.value !== 'string' || !value.value.includes(',') || /[{]/.test(value.value))
      return [value];
    return value.value.split(',').map((part) => ({ ...value, value: part }));
  }
  return isSeq<Node>(value) ? value.items.filter((item) => isScalar(item)) : [];
}

/** The YAML parser's message without its place in the front matter: the diagnostic has the place in the file. */
function withoutPlace(message: string): string {
  const [first = ''] = message.split('\n');
  return first.replace(/ at line \d+, column \d+:?$/, '');
}

import { classOf } from '@pwt/claims';
import { type Claim, type Diagnostic, defined, type Task } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import { escapePath, tryParsePattern } from '@pwt/scope';
import type { FoundMention } from './extract-mentions.js';
import { aliasedFile } from './paths/alias.js';
import { type Checkout, pathInRepository } from './paths/in-repository.js';
import { type PathReading, readPath } from './paths/read-path.js';
import { PathResolver } from './paths/resolve.js';
import type { Mention } from './rules/rule.js';

/** A pattern that matches more tracked files than this becomes a possible claim: most of them will not change. */
const WIDEST_CERTAIN = 6;

const LONGEST_SHOWN = 200;
const MOST_CHOICES = 3;

/** A mention and the path that was read from it. */
interface ReadMention extends FoundMention {
  readonly reading: PathReading;
}

/** Decides which mentions of a task count, and makes claims of those. */
export class ClaimCollector {
  readonly #task: Task;
  readonly #found: readonly ReadMention[];
  readonly #tree: FileTree;
  readonly #resolver: PathResolver;
  readonly #diagnostics: Diagnostic[];
  readonly #refused = new Set<string>();

  constructor(task: Task, found: readonly FoundMention[], checkout: Checkout, diagnostics: Diagnostic[]) {
    const { tree } = checkout;
    this.#task = task;
    this.#found = found.map(({ mention, rule, place }) => ({
      mention,
      rule,
      place,
      reading: readInRepository(mention.text, checkout),
    }));
    this.#tree = tree;
    this.#diagnostics = diagnostics;
    const paths = this.#found.flatMap(({ reading }) => (reading.kind === 'path' ? [reading.path] : []));
    this.#resolver = new PathResolver(tree, paths);
  }

  collect(): readonly Claim[] {
    const stated: Claim[] = [];
    const listed = new Set<Claim>();
    const fallback: Claim[] = [];
    const untouched = new Set<string>();
    for (const found of this.#found) {
      const { mention } = found;
      const claim = this.#claim(found);
      if (!claim) continue;
      if (mention.untouched) untouched.add(claim.pattern);
      if (mention.standing === 'listed') listed.add(claim);
      (mention.standing === 'fallback' ? fallback : stated).push(claim);
    }
    const certain = stated.filter(
      (claim) => claim.confidence === 'declared' || !untouched.has(claim.pattern),
    );
    const writes = certain.filter((claim) => claim.mode !== 'read');
    if (writes.some((claim) => listed.has(claim) && claim.confidence !== 'possible'))
      return certain.map(doubt);
    if (writes.some((claim) => claim.confidence !== 'possible')) return certain;
    if (writes.length > 0) return certain.map(raise);
    const left = fallback.filter((claim) => !untouched.has(claim.pattern));
    return [...certain, ...left.filter((claim) => !claim.pattern.startsWith('**/')).map(raise)];
  }

  #claim(found: ReadMention): Claim | undefined {
    const { mention, rule, place, reading } = found;
    if (reading.kind === 'none') return undefined;
    if (reading.kind !== 'path') {
      // Paths that are only read or mentioned would not be claimed to change anyway.
      if (mention.mode === 'read' || mention.standing === 'fallback') return undefined;
      if (reading.kind === 'outside') this.#refuse(found, reading.why);
      else this.#isUsable(reading.path, found);
      return undefined;
    }
    const { kind, path, choices } = this.#resolver.resolve(reading.path, reading.isGlob, reading.isDirectory);
    const pattern = kind === 'glob' || kind === 'ambiguous' ? path : escapePath(path);
    if (kind !== 'file' && !this.#isUsable(pattern, found)) return undefined;
    const isPattern = kind === 'directory' || kind === 'glob';
    const isWhole = mention.mode === 'rename' || mention.mode === 'delete';
    const wide =
      kind === 'ambiguous' ||
      reading.hasPlaceholder ||
      (isPattern && !isWhole && this.#tree.widthOf(pattern) > WIDEST_CERTAIN);
    if (mention.mode === 'read' && kind !== 'file') return undefined;
    if (choices && mention.standing !== 'fallback') this.#askWhich(found, choices);
    return {
      pattern,
      mode: modeFor(mention, kind !== 'new' && choices === undefined),
      class: classOf(path),
      confidence: wide ? 'possible' : mention.confidence,
      place,
      rule,
    };
  }

  #isUsable(pattern: string, found: ReadMention): boolean {
    const parsed = tryParsePattern(pattern);
    if (parsed.ok) return true;
    const { code, message, hint } = parsed.error;
    this.#report(found, { code, message, ...defined({ hint }) });
    return false;
  }

  /** A hint with the file of the repository that an absolute path most likely means. */
  #hintFor(text: string): string {
    const names = text.replaceAll('\\', '/').split('/');
    const meant = names.map((_, at) => names.slice(at).join('/')).find((path) => this.#tree.has(path));
    return meant
      ? `Did you mean "${meant}"? Write paths relative to the repository root.`
      : 'Write paths relative to the repository root, with "/" between names.';
  }

  #refuse(found: ReadMention, why: 'absolute' | 'parent' | 'drive'): void {
    const { text } = found.mention;
    this.#report(found, {
      code: 'PWT_PATH_OUTSIDE',
      message: `"${text.slice(0, LONGEST_SHOWN)}" ${reasons[why]}; it is not claimed.`,
      hint: this.#hintFor(text),
    });
  }

  /** Says that a new file may be meant for several folders. */
  #askWhich(found: ReadMention, choices: readonly string[]): void {
    const shown = choices.slice(0, MOST_CHOICES).map((path) => `"${path}"`);
    const others = choices.length > shown.length ? ` or ${choices.length - shown.length} more` : '';
    this.#report(
      found,
      {
        code: 'PWT_PATH_AMBIGUOUS',
        message: `"${found.mention.text.slice(0, LONGEST_SHOWN)}" does not exist and may be ${shown.join(', ')}${others}; any of them is a possible claim.`,
        hint: 'Write the path from the repository root.',
      },
      'info',
    );
  }

  /** Reports a path that can't be claimed as it is, once per task. */
  #report(
    { mention, place }: Pick<ReadMention, 'mention' | 'place'>,
    problem: Pick<Diagnostic, 'code' | 'message' | 'hint'>,
    severity: Diagnostic['severity'] = 'warning',
  ): void {
    if (this.#refused.has(mention.text)) return;
    this.#refused.add(mention.text);
    this.#diagnostics.push({ ...problem, severity, taskIds: [this.#task.id], ...place });
  }
}

const reasons: Readonly<Record<'absolute' | 'parent' | 'drive', string>> = {
  absolute: 'is an absolute path',
  parent: 'leaves the repository through ".."',
  drive: 'is a path on a Windows drive or share',
};

/** What a path means, wherever it starts: at the root, at an alias for the sources, or at another machine's root. */
function readInRepository(text: string, checkout: Checkout): PathReading {
  const reading = readPath(text);
  if (reading.kind === 'path' || reading.kind === 'large') return reading;
  const aliased = aliasedFile(text, checkout.tree);
  if (aliased !== undefined) return readPath(aliased);
  const inside = reading.kind === 'outside' ? pathInRepository(reading.path, checkout) : undefined;
  const read = inside === undefined ? reading : readPath(inside);
  return read.kind === 'path' ? read : reading;
}

function modeFor(mention: Mention, exists: boolean): Claim['mode'] {
  if (mention.mode === undefined) return exists ? 'write' : 'create';
  return mention.mode === 'create' && exists ? 'write' : mention.mode;
}

/** If a task has only possible claims, these become inferred. */
function raise(claim: Claim): Claim {
  return claim.confidence === 'possible' && claim.mode !== 'read'
    ? { ...claim, confidence: 'inferred' }
    : claim;
}

/** If the spec declares files, claims that its text only implies become possible. */
function doubt(claim: Claim): Claim {
  return claim.confidence === 'inferred' && claim.mode !== 'read'
    ? { ...claim, confidence: 'possible' }
    : claim;
}

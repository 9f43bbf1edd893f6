import { type Claim, type Diagnostic, type Task, unknownScopeClaim } from '@pwt/core';
import { escapePath, tryParsePattern } from '@pwt/scope';
import { type ExtractionContext, extractMentions } from './extract-mentions.js';
import { impliedClaims } from './implied/implied-claims.js';
import { mergeClaims } from './merge-claims.js';
import { classOf } from './paths/file-class.js';
import { readPath } from './paths/read-path.js';
import { PathResolver } from './paths/resolve.js';
import type { TreeIndex } from './paths/tree-index.js';
import type { Mention } from './rules/rule.js';

/** A pattern that matches more tracked files than this is only a possibility: most of them stay as they are. */
const WIDEST_CERTAIN = 6;

export interface TaskScope {
  readonly claims: readonly Claim[];
  readonly unknownScope: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

interface PlacedMention extends Mention {
  readonly file: string;
}

/** What one task claims: what its structured scope says or else what its text says. */
export function claimsOfTask(task: Task, context: ExtractionContext): TaskScope {
  const diagnostics: Diagnostic[] = [];
  const declared = task.declared ?? [];
  if (declared.some((claim) => claim.mode !== 'read')) {
    return { claims: declared, unknownScope: false, diagnostics };
  }
  const mentions = task.specs.flatMap((spec) =>
    extractMentions(spec, context).map((mention) => ({ ...mention, file: spec.path })),
  );
  const found = new ClaimCollector(task, mentions, context.tree, diagnostics).collect();
  const claims = mergeClaims([...declared, ...found, ...impliedClaims(found, context.tree)]);
  if (claims.some((claim) => claim.mode !== 'read')) return { claims, unknownScope: false, diagnostics };
  const [main] = task.specs;
  const place = main ? { file: main.path, line: main.firstLine ?? 1 } : undefined;
  diagnostics.push({
    code: 'PWT_SCOPE_UNKNOWN',
    severity: 'warning',
    message: `Task ${task.id} names no file that it will change, so it is taken to touch everything and runs alone.`,
    hint: 'Name its files, for example in a "## File Scope" section or in front matter: `files: [src/a.ts]`.',
    taskId: task.id,
    ...place,
  });
  return { claims: [...claims, unknownScopeClaim(place)], unknownScope: true, diagnostics };
}

/** Turns the mentions of one task into claims, settling which of them count. */
class ClaimCollector {
  readonly #task: Task;
  readonly #mentions: readonly PlacedMention[];
  readonly #tree: TreeIndex;
  readonly #resolver: PathResolver;
  readonly #diagnostics: Diagnostic[];
  readonly #refused = new Set<string>();

  constructor(task: Task, mentions: readonly PlacedMention[], tree: TreeIndex, diagnostics: Diagnostic[]) {
    this.#task = task;
    this.#mentions = mentions;
    this.#tree = tree;
    this.#diagnostics = diagnostics;
    const paths = mentions
      .map((mention) => readPath(mention.text))
      .filter((reading) => reading.kind === 'path');
    this.#resolver = new PathResolver(
      tree,
      paths.map((reading) => reading.path),
    );
  }

  collect(): readonly Claim[] {
    const claims: Claim[] = [];
    const mentioned: Claim[] = [];
    const untouched = new Set<string>();
    for (const mention of this.#mentions) {
      const claim = this.#claim(mention);
      if (!claim) continue;
      if (mention.untouched) untouched.add(claim.pattern);
      (mention.rule === 'mentioned' ? mentioned : claims).push(claim);
    }
    const certain = claims.filter(
      (claim) => claim.confidence === 'declared' || !untouched.has(claim.pattern),
    );
    const writes = certain.filter((claim) => claim.mode !== 'read');
    if (writes.some((claim) => claim.rule === 'file-section')) return certain.map(doubt);
    if (writes.some((claim) => claim.confidence !== 'possible')) return certain;
    if (writes.length > 0) return certain.map(raise);
    const left = mentioned.filter((claim) => !untouched.has(claim.pattern));
    return [...certain, ...left.filter((claim) => !claim.pattern.startsWith('**/')).map(raise)];
  }

  #claim(mention: PlacedMention): Claim | undefined {
    const reading = readPath(mention.text);
    if (reading.kind === 'none') return undefined;
    if (reading.kind === 'outside') {
      this.#refuse(mention, reading.why);
      return undefined;
    }
    const { kind, path } = this.#resolver.resolve(reading.path, reading.isGlob, reading.isDirectory);
    const pattern = kind === 'glob' || kind === 'ambiguous' ? path : escapePath(path);
    if (kind !== 'file' && !tryParsePattern(pattern).ok) return undefined;
    const isPattern = kind === 'directory' || kind === 'glob';
    const isWhole = mention.mode === 'rename' || mention.mode === 'delete';
    const wide =
      kind === 'ambiguous' ||
      reading.hasPlaceholder ||
      (isPattern && !isWhole && this.#tree.widthOf(pattern) > WIDEST_CERTAIN);
    if (mention.mode === 'read' && kind !== 'file') return undefined;
    return {
      pattern,
      mode: modeFor(mention, kind),
      class: classOf(path),
      confidence: wide ? 'possible' : mention.confidence,
      place: { file: mention.file, line: mention.line },
      rule: mention.rule,
    };
  }

  /** Names the file of the repository that an absolute path most likely means. */
  #hintFor(text: string): string {
    const names = text.replaceAll('\\', '/').split('/');
    const meant = names.map((_, at) => names.slice(at).join('/')).find((path) => this.#tree.hasFile(path));
    return meant
      ? `Did you mean "${meant}"? Write paths relative to the repository root.`
      : 'Write paths relative to the repository root, with "/" between names.';
  }

  #refuse(mention: PlacedMention, why: 'absolute' | 'parent' | 'drive'): void {
    if (this.#refused.has(mention.text)) return;
    this.#refused.add(mention.text);
    this.#diagnostics.push({
      code: 'PWT_PATH_OUTSIDE',
      severity: 'warning',
      message: `"${mention.text}" ${reasons[why]}; it is not claimed.`,
      hint: this.#hintFor(mention.text),
      taskId: this.#task.id,
      file: mention.file,
      line: mention.line,
    });
  }
}

const reasons: Readonly<Record<'absolute' | 'parent' | 'drive', string>> = {
  absolute: 'is an absolute path',
  parent: 'leaves the repository through ".."',
  drive: 'is a path on a Windows drive',
};

function modeFor(mention: Mention, kind: string): Claim['mode'] {
  const exists = kind !== 'new';
  if (mention.mode === undefined) return exists ? 'write' : 'create';
  return mention.mode === 'create' && exists ? 'write' : mention.mode;
}

/** A possibility that is all a task has is taken at its word. */
function raise(claim: Claim): Claim {
  return claim.confidence === 'possible' && claim.mode !== 'read'
    ? { ...claim, confidence: 'inferred' }
    : claim;
}

/** Beside files that the spec declares, what its text merely implies is a possibility. */
function doubt(claim: Claim): Claim {
  return claim.confidence === 'inferred' && claim.mode !== 'read'
    ? { ...claim, confidence: 'possible' }
    : claim;
}

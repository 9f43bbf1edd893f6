import { type SeparateRequest, type Separation, type Separator, type Task, throwIfAborted } from '@pwt/core';
import { FileTree } from '@pwt/scope';
import { checkClaims } from './check-claims.js';
import { claimsOfTask } from './claims-of-task.js';
import { englishVocabulary } from './english.js';
import { fingerprintOf, fingerprintOfTask, noCache, type ResultCache } from './result-cache.js';
import type { ExtractionRule } from './rules/rule.js';
import { defaultRules } from './rules/table.js';
import type { Vocabulary } from './vocabulary.js';

export interface RegexSpecSeparatorOptions {
  /** The words by which specs name files, in the languages of the specs. @default englishVocabulary */
  readonly vocabulary?: Vocabulary;
  /** How paths are recognised, in order. @default defaultRules */
  readonly rules?: readonly ExtractionRule[];
  /** Caches what the built-in rules found. @default no cache */
  readonly cache?: ResultCache;
}

/**
 * Finds the claims of tasks in Markdown specs, by the rules of the rule table.
 *
 * Pure and deterministic; takes time linear in the text. Every claim carries the line and the rule that
 * found it; a task in which no rule finds anything claims everything, with a `PWT_SCOPE_UNKNOWN` diagnostic.
 */
export class RegexSpecSeparator implements Separator {
  readonly name = 'regex-spec';
  readonly #vocabulary: Vocabulary;
  readonly #rules: readonly ExtractionRule[];
  readonly #cache: ResultCache;

  constructor(options: RegexSpecSeparatorOptions = {}) {
    this.#vocabulary = options.vocabulary ?? englishVocabulary;
    this.#rules = options.rules ?? defaultRules;
    // What custom rules depend on is unknown, so their results are not cached.
    this.#cache = (options.rules === undefined && options.cache) || noCache;
  }

  async separate(request: SeparateRequest): Promise<Separation> {
    throwIfAborted(request.abortSignal);
    return this.separateNow(request);
  }

  /** {@link separate}, synchronously. */
  separateNow(request: SeparateRequest): Separation {
    const context = {
      tree: FileTree.of(request.tree),
      root: request.root,
      vocabulary: this.#vocabulary,
      rules: this.#rules,
    };
    const inputsOf = (task: Task) => () => [
      fingerprintOf(this.#vocabulary),
      fingerprintOf(request.tree),
      request.root ?? '',
      fingerprintOfTask(task),
    ];
    const scopes = request.tasks.map((task) => ({
      task,
      scope: this.#cache.recall('scope', inputsOf(task), () => claimsOfTask(task, context)),
    }));
    const claims = scopes.map(({ task, scope }) => ({
      taskId: task.id,
      claims: scope.claims,
      unknownScope: scope.unknownScope,
    }));
    const diagnostics = scopes.flatMap(({ scope }) => scope.diagnostics);
    return { claims, diagnostics: [...diagnostics, ...checkClaims(claims, context.tree)] };
  }
}

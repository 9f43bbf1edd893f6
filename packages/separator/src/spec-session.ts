import type { HotFile, TaskConflict } from '@pwt/claims';
import { analyseClaims, ClaimTable, conflictsOfTask, hotFilesOf, MOST_PAIR_TASKS } from '@pwt/claims';
import type { Diagnostic, Task, TaskClaims } from '@pwt/core';
import { FileTree } from '@pwt/scope';
import { checkClaims } from './check-claims.js';
import { claimsOfTask, type TaskScope } from './claims-of-task.js';
import { englishVocabulary } from './english.js';
import type { ExtractionContext } from './extract-mentions.js';
import { defaultRules } from './rules/table.js';
import type { SeparatedSpecs, SeparateSpecsOptions } from './separate-specs.js';
import { assembleTasks, type ReadSpec, readSpec } from './tasks/build-tasks.js';
import { type GroupedSpecs, groupSpecs, type SpecPath } from './tasks/group-specs.js';
import { specPathOf } from './tasks/spec-path.js';

/** Changes of spec files. */
export interface SpecEdits {
  /** New files, and new texts of known ones. Files that are no specs, and unchanged texts, have no effect. */
  readonly put?: readonly { readonly path: string; readonly text: string }[];
  readonly remove?: readonly string[];
}

/** The ids of the tasks that an update changed. */
export interface SpecChanges {
  /** New, or with another text, title, dependency or other fact. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * `separateSpecs` for specs that change: an update computes again only what the change affects. For editors, watchers and
 * servers with thousands of specs.
 *
 * After any sequence of updates every answer is the same as that of a new session, and of `separateSpecs`, for the
 * same files. Holds the current texts and claims, and no earlier ones. For another tree, make another session.
 */
export class SpecSession {
  readonly #tree: FileTree;
  readonly #context: ExtractionContext;
  readonly #maxPairTasks: number;
  readonly #specs = new Map<string, ReadSpec & SpecPath>();
  readonly #scopes = new Map<string, TaskScope>();
  readonly #table = new ClaimTable();
  #grouped: GroupedSpecs<SpecPath> = { groups: [], diagnostics: [] };
  #tasks: ReadonlyMap<string, Task> = new Map();
  #taskDiagnostics: readonly Diagnostic[] = [];

  constructor({ tree = [], root, vocabulary, rules, maxPairTasks }: SeparateSpecsOptions = {}) {
    this.#tree = FileTree.from(tree);
    this.#context = {
      tree: this.#tree,
      root,
      vocabulary: vocabulary ?? englishVocabulary,
      rules: rules ?? defaultRules,
    };
    this.#maxPairTasks = maxPairTasks ?? MOST_PAIR_TASKS;
  }

  /** O(text of the edits + number of specs), with a small factor for the latter if no file is added or removed. */
  update({ put = [], remove = [] }: SpecEdits): SpecChanges {
    // Which files make a task depends on their names and on the ids that they state.
    let regroups = false;
    for (const path of remove) regroups = this.#specs.delete(path) || regroups;
    for (const edited of put) regroups = this.#read(edited) || regroups;
    if (regroups) this.#group();
    return this.#assemble();
  }

  /** In the order of their ids. */
  get tasks(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  /** One entry per task, in the same order. */
  get claims(): readonly TaskClaims[] {
    return [...this.#tasks.keys()].flatMap((taskId) => this.claimsOf(taskId) ?? []);
  }

  claimsOf(taskId: string): TaskClaims | undefined {
    const scope = this.#scopes.get(taskId);
    return scope && { taskId, claims: scope.claims, unknownScope: scope.unknownScope };
  }

  /** All conflicts and possible conflicts of one task, which is the first of each pair. */
  conflictsOf(taskId: string): readonly TaskConflict[] {
    return conflictsOfTask(this.#table, taskId, this.#tree);
  }

  /** The hot files, those of the most tasks first. O(claims). */
  hotFiles(): readonly HotFile[] {
    return hotFilesOf(this.#table, [...this.#tasks.keys()]);
  }

  /** All diagnostics of the specs and their claims. O(claims). */
  diagnostics(): readonly Diagnostic[] {
    return this.#diagnosticsOf(this.claims);
  }

  /** The same result as that of `separateSpecs`. O(claims + listed pairs). */
  plan(): SeparatedSpecs {
    const { tasks, claims } = this;
    const request = { claims, table: this.#table, tree: this.#tree, maxPairTasks: this.#maxPairTasks };
    return { ...analyseClaims(request), tasks, claims, diagnostics: this.#diagnosticsOf(claims) };
  }

  /** True if the file is new or states another id. */
  #read({ path, text }: { readonly path: string; readonly text: string }): boolean {
    const spec = specPathOf(path);
    const known = this.#specs.get(path);
    if (!spec || known?.file.text === text) return false;
    const read = { ...spec, ...readSpec({ ...spec, text }, { vocabulary: this.#context.vocabulary }) };
    this.#specs.set(path, read);
    return known?.parsed.id !== read.parsed.id || !known;
  }

  #group(): void {
    const files = [...this.#specs.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    this.#grouped = groupSpecs<SpecPath>(
      files.map(({ path, name }) => ({ path, name })),
      ({ path }) => this.#specs.get(path)?.parsed.id,
    );
  }

  #assemble(): SpecChanges {
    const before = this.#tasks;
    const built = assembleTasks(this.#grouped, ({ path }) => this.#specs.get(path) as ReadSpec, before);
    this.#tasks = new Map(built.tasks.map((task) => [task.id, task]));
    this.#taskDiagnostics = built.diagnostics;
    const removed = [...before.keys()].filter((taskId) => !this.#tasks.has(taskId));
    for (const taskId of removed) {
      this.#table.remove(taskId);
      this.#scopes.delete(taskId);
    }
    const changed = built.tasks.filter((task) => before.get(task.id) !== task);
    for (const task of changed) {
      const scope = claimsOfTask(task, this.#context);
      this.#scopes.set(task.id, scope);
      this.#table.remove(task.id);
      this.#table.add(task.id, scope.claims);
    }
    return { changed: changed.map(({ id }) => id), removed };
  }

  #diagnosticsOf(claims: readonly TaskClaims[]): readonly Diagnostic[] {
    const scopes = [...this.#tasks.keys()].flatMap((taskId) => this.#scopes.get(taskId)?.diagnostics ?? []);
    return [...this.#taskDiagnostics, ...scopes, ...checkClaims(claims, this.#context.tree)];
  }
}

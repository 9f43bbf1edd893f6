import { analyseClaims, type ClaimAnalysis } from '@pwt/claims';
import { type Diagnostic, defined, type Task, type TaskClaims } from '@pwt/core';
import { RegexSpecSeparator, type RegexSpecSeparatorOptions } from './regex-spec-separator.js';
import { buildTasks } from './tasks/build-tasks.js';
import { specPathOf } from './tasks/spec-path.js';

export interface SeparateSpecsOptions extends RegexSpecSeparatorOptions {
  /** The paths that exist; short names in specs are resolved against them. @default [] */
  readonly tree?: readonly string[];
  /** Where the checkout is. Absolute. @default not known */
  readonly root?: string;
  readonly maxPairTasks?: number;
}

export interface SeparatedSpecs extends ClaimAnalysis {
  readonly tasks: readonly Task[];
  /** One entry per task, in the same order. */
  readonly claims: readonly TaskClaims[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Tasks, claims and conflicts of specs, given as texts; needs no file system. Files that are no specs are ignored. */
export function separateSpecs(
  files: readonly { readonly path: string; readonly text: string }[],
  options: SeparateSpecsOptions = {},
): SeparatedSpecs {
  const specs = files.flatMap(({ path, text }) => {
    const spec = specPathOf(path);
    return spec ? [{ ...spec, text }] : [];
  });
  const built = buildTasks(specs, options);
  const tree = { paths: options.tree ?? [] };
  const { maxPairTasks, root } = options;
  const request = { tasks: built.tasks, tree, ...defined({ root }) };
  const separation = new RegexSpecSeparator(options).separateNow(request);
  const analysis = analyseClaims({
    claims: separation.claims,
    tree,
    ...defined({ maxPairTasks }),
  });
  return {
    ...analysis,
    tasks: built.tasks,
    claims: separation.claims,
    diagnostics: [...built.diagnostics, ...separation.diagnostics],
  };
}

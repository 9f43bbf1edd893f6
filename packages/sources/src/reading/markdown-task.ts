import { type Diagnostic, defined, type Task } from '@pwt/core';
import { parseSpec, type Vocabulary } from '@pwt/separator';
import { sha256 } from '../sha256.js';

/** A task that is one Markdown file, without those that it waits for. */
export interface MarkdownTask {
  readonly task: Omit<Task, 'dependsOn'>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what a Markdown file says of its task: title, priority, estimate, and the files that its front matter names. */
export function markdownTask(
  { id, path, text }: { readonly id: string; readonly path: string; readonly text: string },
  vocabulary: Vocabulary,
): MarkdownTask {
  const { title, priority, estimateMs, runsOn, declared, diagnostics } = parseSpec(text, path, vocabulary);
  return {
    task: {
      id,
      title: (title ?? id).slice(0, 120),
      specs: [{ path, text, hash: sha256(text) }],
      ...defined({ priority, estimateMs, runsOn }),
      ...(declared.length > 0 && { declared }),
    },
    diagnostics: diagnostics.map((found) => ({ ...found, taskIds: [id] })),
  };
}

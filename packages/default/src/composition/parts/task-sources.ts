import type { Diagnostic, TaskSource } from '@pwt/core';
import { extendVocabulary, type ResultCache } from '@pwt/separator';
import { openFormat, type RunCommand } from '@pwt/sources';
import type { RepositoryCommand, ResolvedConfig } from '../../config/resolved-config.js';
import type { Project } from '../../project/project.js';
import { builtInFormats } from '../plugins/built-in-formats.js';
import type { NamedSource } from './named-source.js';

/** Has a person approve a command, or throws. */
export type ApproveCommand = (command: RepositoryCommand) => Promise<void>;

/**
 * A source for each format that the configuration names.
 *
 * @throws PwtError `PWT_FORMAT_UNKNOWN`, `PWT_FORMAT_OPTIONS`
 */
export function makeTaskSources(
  project: Project,
  config: ResolvedConfig,
  cache: ResultCache,
  approve?: ApproveCommand,
): readonly NamedSource[] {
  const runCommand: RunCommand = async (command, abortSignal) => {
    const text = JSON.stringify(command);
    const known = config.repositoryCommands.find((one) => one.kind === 'tasks' && one.text === text);
    if (known) await approve?.(known);
    const { runTaskCommand } = await import('./task-command.js');
    return runTaskCommand(project, command, { abortSignal });
  };
  const { root } = project;
  const { file, specs, vocabulary } = config;
  const { formats, notes } = builtInFormats(config, root);
  const sources = formats.map(({ name, options }): NamedSource => {
    const source = openFormat(name, {
      root,
      cache,
      runCommand,
      options: options ?? (name === 'spec-files' && specs ? { globs: specs } : undefined),
      place: file === undefined ? undefined : { path: file },
      vocabulary: vocabulary && extendVocabulary(vocabulary),
    });
    return { name: `the format ${name}`, source };
  });
  const [first, ...others] = sources;
  if (!first || notes.length === 0) return sources;
  return [{ ...first, source: withNotes(first.source, notes) }, ...others];
}

/** The same tasks, with something to be said whenever they are loaded. */
function withNotes(source: TaskSource, notes: readonly Diagnostic[]): TaskSource {
  return {
    name: source.name,
    load: async (request) => {
      const { tasks, diagnostics } = await source.load(request);
      return { tasks, diagnostics: [...notes, ...diagnostics] };
    },
    normaliseId: (id) => source.normaliseId?.(id) ?? id,
    ...(source.markDone && { markDone: (request) => source.markDone?.(request) ?? Promise.resolve([]) }),
  };
}

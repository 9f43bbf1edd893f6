import { defined, type Place, PwtError } from '@pwt/core';
import type { WrittenConfig } from './written-config.js';

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** Where it was said: a file, `command line` or `options`. */
  readonly source: string;
  /** The key, such as `agent.command[0]`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** A part of the configuration with the place it comes from. Later layers win, key by key. */
export interface ConfigLayer {
  readonly source: string;
  readonly value: unknown;
  /** Absolute path of the file it was read from. */
  readonly file?: string;
}

/**
 * Checks all layers and joins them.
 *
 * The schema is loaded only if there is something to check, so that a project without a configuration pays
 * nothing for it.
 *
 * @throws PwtError `PWT_CONFIG_INVALID` that lists every problem of every layer
 */
export async function joinLayers(layers: readonly ConfigLayer[]): Promise<WrittenConfig> {
  const said = layers.filter(({ value }) => !isEmptyObject(value));
  if (said.length === 0) return {};
  const { writtenConfigSchema } = await import('./schema.js');
  const problems = said.flatMap((layer): ConfigProblem[] => {
    const { error } = writtenConfigSchema.safeParse(layer.value);
    return (error?.issues ?? []).flatMap((issue) => problemsOf(issue, layer.source));
  });
  if (problems.length > 0) throw invalidConfig(problems, placeOf(layers));
  // A key whose value is `undefined` says nothing and must not hide an earlier layer.
  return Object.assign({}, ...said.map(({ value }) => defined(value as object)));
}

/** The error for a list of problems, each on a line of its own. */
function invalidConfig(problems: readonly ConfigProblem[], place?: Place): PwtError {
  const lines = problems.map(
    ({ source, path, message }) => `  ${source}: ${path === '' ? '' : `${path} `}${message}`,
  );
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  return new PwtError('PWT_CONFIG_INVALID', `${count} in the configuration:\n${lines.join('\n')}`, {
    hint: 'Every key is described in docs/configuration.md and in @pwt/default/schema.json.',
    data: { problems },
    ...defined({ place }),
  });
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

function problemsOf(issue: Issue, source: string): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({
      source,
      path: pathText([...issue.path, key]),
      message: 'is not a known key',
    }));
  }
  const message = issue.message.startsWith('is not') ? issue.message : `is invalid: ${issue.message}`;
  return [{ source, path: pathText(issue.path), message }];
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

function placeOf(layers: readonly ConfigLayer[]): Place | undefined {
  const file = layers.find((layer) => layer.file !== undefined)?.file;
  return file === undefined ? undefined : { path: file };
}

function isEmptyObject(value: unknown): boolean {
  return (
    value === undefined ||
    (typeof value === 'object' && value !== null && Object.keys(defined(value)).length === 0)
  );
}

import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isPwtError, PwtError } from '@pwt/core';
import { lilconfig } from 'lilconfig';
import type { ApproveCode } from './approve-code.js';
import type { ConfigLayer } from './validate.js';

/** Where a configuration is looked for in the root of a checkout; the first one found counts. */
export const configFileNames: readonly string[] = [
  ...['json', 'yaml', 'yml', 'ts', 'mts', 'js', 'mjs'].map((extension) => `pwt.config.${extension}`),
  'package.json',
];

export interface LoadConfigRequest {
  /** The root of the checkout. Absolute. */
  readonly root: string;
  /** This file instead of a search; relative to {@link root}. */
  readonly file?: string;
  /** Asked before a configuration that is code is run. @default it is run */
  readonly approveCode?: ApproveCode | undefined;
}

/** In place of a configuration that is code and is left out. */
const LEFT_OUT = Symbol('left out');

/**
 * Reads the project's configuration, unchecked. JSON and YAML never load the TypeScript loader.
 *
 * @returns `undefined` if the project has none, or one that is code and is left out
 * @throws PwtError `PWT_CONFIG_NOT_FOUND` if the named file does not exist
 * @throws PwtError `PWT_CONFIG_UNREADABLE` if it can't be read, parsed or run; `PWT_CODE_NOT_APPROVED`
 */
export async function loadConfigFile({
  root,
  file,
  approveCode,
}: LoadConfigRequest): Promise<ConfigLayer | undefined> {
  const code = (load: Loader): Loader =>
    withFile(async (path, content) => {
      if (approveCode && !(await approveCode('config', path))) return LEFT_OUT;
      return load(path, content);
    });
  const explorer = lilconfig('pwt', {
    searchPlaces: [...configFileNames],
    stopDir: root,
    packageProp: 'pwt',
    ignoreEmptySearchPlaces: false,
    loaders: {
      '.json': withFile(parseJson),
      '.yaml': withFile(parseYaml),
      '.yml': withFile(parseYaml),
      '.ts': code(importTypeScript),
      '.mts': code(importTypeScript),
      '.js': code(importModule),
      '.mjs': code(importModule),
    },
  });
  if (file !== undefined) await requireFile(resolve(root, file));
  const found = await (file === undefined ? explorer.search(root) : explorer.load(resolve(root, file)));
  if (!found || found.config === LEFT_OUT) return undefined;
  const value = found.isEmpty ? {} : found.config;
  return { source: relative(root, found.filepath) || found.filepath, value, file: found.filepath };
}

type Loader = (path: string, content: string) => unknown;

/** Turns whatever goes wrong into an error that names the file. */
function withFile(load: Loader): Loader {
  return async (path, content) => {
    try {
      return await load(path, content);
    } catch (cause) {
      if (isPwtError(cause)) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new PwtError('PWT_CONFIG_UNREADABLE', `The configuration can't be read: ${message}`, {
        place: { path: path },
        hint: 'Correct the file; `pwt doctor` checks it without running anything.',
        cause,
      });
    }
  };
}

const parseJson: Loader = (_path, content) => JSON.parse(content) as unknown;

const parseYaml: Loader = async (_path, content) => {
  const { parseYaml: parse } = await import('./parse-yaml.js');
  return parse(content);
};

const importModule: Loader = async (path) => defaultExport(await import(pathToFileURL(path).href), path);

const importTypeScript: Loader = async (path) => {
  const { createJiti } = await import('jiti');
  return defaultExport(await createJiti(join(path, '..')).import(path), path);
};

function defaultExport(module: unknown, path: string): unknown {
  if (typeof module === 'object' && module !== null && 'default' in module) return module.default;
  throw new PwtError('PWT_CONFIG_UNREADABLE', 'The configuration module has no default export.', {
    place: { path: path },
    hint: 'Write: export default { … }',
  });
}

async function requireFile(path: string): Promise<void> {
  const { stat } = await import('node:fs/promises');
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (isFile) return;
  throw new PwtError('PWT_CONFIG_NOT_FOUND', `There is no configuration file ${path}.`, {
    place: { path: path },
    hint: 'Check the path behind --config, or write one with `pwt init`.',
  });
}

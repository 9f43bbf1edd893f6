import { defined, type Place, PwtError } from '@pwt/core';

/** One option of a format: what it is, and how a value of the configuration is checked. */
export interface Option<T> {
  /** To be read after the name of the option: "a list of folders of the repository". */
  readonly description: string;
  readonly example: T;
  readonly accepts: (value: unknown) => value is T;
}

/** The options of a format, each of which may be absent. */
export type OptionTable<Options extends object> = {
  readonly [K in keyof Options]-?: Option<Exclude<Options[K], undefined>>;
};

/** Folders of the repository, relative to its root. */
export function folderList(example: readonly string[]): Option<readonly string[]> {
  return {
    description: 'a list of folders of the repository',
    example,
    accepts: (value): value is readonly string[] => Array.isArray(value) && value.every(isInside),
  };
}

/** A folder of the repository, relative to its root. */
export function folder(example: string): Option<string> {
  return { description: 'a folder of the repository', example, accepts: isInside };
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly [Word, ...Word[]]): Option<Word> {
  return {
    description: `one of ${words.map((word) => `"${word}"`).join(', ')}`,
    example: words[0],
    accepts: (value): value is Word => words.some((word) => word === value),
  };
}

/** Something that is on or off. */
export function flag(example: boolean): Option<boolean> {
  return {
    description: 'true or false',
    example,
    accepts: (value): value is boolean => typeof value === 'boolean',
  };
}

/** A file of the repository, relative to its root. */
export function file(example: string): Option<string> {
  return { description: 'a file of the repository', example, accepts: isInside };
}

/** Folders and patterns of the scope dialect, relative to the root. */
export function globList(example: readonly string[]): Option<readonly string[]> {
  return {
    description: 'a list of folders and patterns, relative to the root of the repository',
    example,
    accepts: (value): value is readonly string[] =>
      Array.isArray(value) && value.length > 0 && value.every(isText),
  };
}

/**
 * Checks the options that the configuration gives after the name of a format.
 *
 * @param place their place in the configuration
 * @throws PwtError `PWT_FORMAT_OPTIONS`
 */
export function readOptions<Options extends object>(
  format: { readonly name: string; readonly options: OptionTable<Options> },
  options: unknown,
  place?: Place,
): Options {
  if (options === undefined || options === null) return {} as Options;
  const table = format.options as Readonly<Record<string, Option<unknown>>>;
  const isObject = typeof options === 'object' && !Array.isArray(options);
  const wrong = isObject
    ? Object.entries(options).find(([name, value]) => !table[name]?.accepts(value))?.[0]
    : undefined;
  if (isObject && wrong === undefined) return options as Options;
  const known = Object.entries(table).map(([name, { description }]) => `"${name}", ${description}`);
  const takes = known.length === 0 ? 'takes no options' : `takes only ${known.join('; ')}`;
  const given = wrong === undefined ? '' : ` "${wrong}" is ${table[wrong] ? 'no such value' : 'no option'}.`;
  const example = Object.fromEntries(Object.entries(table).map(([name, { example }]) => [name, example]));
  throw new PwtError('PWT_FORMAT_OPTIONS', `The format "${format.name}" ${takes}.${given}`, {
    hint: `For example: ${JSON.stringify({ formats: [known.length === 0 ? format.name : [format.name, example]] })}`,
    data: { format: format.name, ...defined({ option: wrong }) },
    ...defined({ place }),
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isInside(folder: unknown): folder is string {
  return isText(folder) && !/^(?:[\\/]|[A-Za-z]:)/.test(folder) && !folder.split(/[\\/]/).includes('..');
}

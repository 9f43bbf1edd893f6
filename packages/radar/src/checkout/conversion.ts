import { join } from 'node:path';
import { attributeFilesIn, type Git, objectsOf } from '@pwt/git';
import { readIfThere } from './read-if-there.js';

/**
 * What git may do to a file's content on its way into an object: nothing; line ends, where there are any of two bytes; or
 * anything, by a filter.
 */
export type Conversion = 'nothing' | 'line-ends' | 'anything';

/** What of git's configuration decides on how files are read. */
export interface ReadingConfig {
  /** Whether the bit for execution of a file counts. */
  readonly fileMode: boolean;
  readonly conversion: Conversion;
}

/** Asked once: it is part of the trusted configuration. */
export async function readReadingConfig(git: Git): Promise<ReadingConfig> {
  const pattern = '^core\\.(filemode|autocrlf|attributesfile)$';
  const records = await git.zRecords(['config', '-z', '--get-regexp', pattern], { okExitCodes: [0, 1] });
  const values = new Map(records.map((record) => record.split('\n', 2) as [string, string]));
  const attributes = values.get('core.attributesfile');
  const own = attributes === undefined ? '' : await readIfThere(attributes);
  const crlf = (values.get('core.autocrlf') ?? 'false').toLowerCase();
  return {
    fileMode: values.get('core.filemode') !== 'false',
    conversion: widest([conversionOf(own), ['true', 'input'].includes(crlf) ? 'line-ends' : 'nothing']),
  };
}

/** What the attributes of a commit's tree, and those of the repository, may do; by the words in them, wherever they apply. */
export async function conversionIn(git: Git, commonDir: string, tree: string): Promise<Conversion> {
  const files = await attributeFilesIn(git, tree);
  const texts = await Promise.all(
    files.map(async ({ id }) => (await objectsOf(git).read(id))?.content.toString('latin1') ?? ''),
  );
  texts.push(await readIfThere(join(commonDir, 'info', 'attributes')));
  return widest(texts.map(conversionOf));
}

export function conversionOf(attributes: string): Conversion {
  if (/\b(filter|ident|working-tree-encoding)\b/.test(attributes)) return 'anything';
  return /\b(text|eol|crlf)\b/.test(attributes) ? 'line-ends' : 'nothing';
}

export function widest(conversions: readonly Conversion[]): Conversion {
  const order: readonly Conversion[] = ['anything', 'line-ends'];
  return order.find((one) => conversions.includes(one)) ?? 'nothing';
}

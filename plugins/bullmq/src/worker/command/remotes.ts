import { resolve } from 'node:path';
import { NAME } from '../../protocol/names.js';
import { repositoryName } from '../../protocol/repository-name.js';
import { usage } from './values.js';

/** A repository, by the name that runs have for it, and where its code travels. */
export interface NamedRemote {
  readonly name: string;
  readonly address: string;
}

/** @throws PwtError `PWT_USAGE` also where there is none, or two are called the same */
export function readRemotes(
  texts: readonly string[],
  cwd: string,
  otherwise: readonly NamedRemote[] = [],
): readonly NamedRemote[] {
  const remotes = texts.length === 0 ? otherwise : texts.map((text) => readRemote(text, cwd));
  if (remotes.length === 0)
    throw usage('--remote is missing', 'For example: --remote git@example.com:team/app.git');
  const twice = remotes.find(({ name }, index) => remotes.findIndex((each) => each.name === name) < index);
  if (twice !== undefined) throw usage(`--remote: two repositories are called ${twice.name}`);
  return remotes;
}

function readRemote(text: string, cwd: string): NamedRemote {
  const [, name, address] = /^([a-z0-9][\w.-]{0,62})=(.+)$/i.exec(text) ?? [undefined, undefined, text];
  const found = name ?? repositoryName(address ?? '');
  if (address === undefined || found === undefined || !NAME.test(found))
    throw usage(`--remote ${text}: give the repository a name`, `--remote app=${text}`);
  const isPath = !address.includes(':');
  return { name: found, address: isPath ? resolve(cwd, address) : address };
}

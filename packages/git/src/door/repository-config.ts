import type { Git } from '../git.js';

/** One line of configuration as git reads it. */
export interface ConfigEntry {
  /** `local`: the file that all worktrees share, with what it includes. `worktree`: this working tree's own. */
  readonly scope: 'system' | 'global' | 'local' | 'worktree';
  /** The file it stands in, as git names it. */
  readonly file: string;
  /** As git prints it: section and name in lower case, the subsection as it was written. */
  readonly key: string;
  /** `null` for a key without `=`, which means true. */
  readonly value: string | null;
}

/**
 * All configuration that git would use in the directory of `git`, in git's order, with included files; that of the
 * command line and the environment is left out. One process, which runs nothing that is configured.
 */
export async function readConfig(git: Git): Promise<ConfigEntry[]> {
  const records = await git.zRecords(['config', '--list', '-z', '--show-scope', '--show-origin'], {
    discover: true,
  });
  const entries: ConfigEntry[] = [];
  for (let index = 0; index + 2 < records.length; index += 3) {
    const [scope = '', origin = '', line = ''] = records.slice(index, index + 3);
    if (!isFileScope(scope)) continue;
    const end = line.indexOf('\n');
    entries.push({
      scope,
      file: origin.replace(/^file:/, ''),
      key: end === -1 ? line : line.slice(0, end),
      value: end === -1 ? null : line.slice(end + 1),
    });
  }
  return entries;
}

/** The entries of the repository's own files, where an agent can write. */
export function repositoryConfig(entries: readonly ConfigEntry[]): ConfigEntry[] {
  return entries.filter(({ scope }) => scope === 'local' || scope === 'worktree');
}

/** The text of a configuration file with these entries. */
export function formatConfig(entries: readonly Pick<ConfigEntry, 'key' | 'value'>[]): string {
  return entries
    .map(({ key, value }) => {
      const first = key.indexOf('.');
      const last = key.lastIndexOf('.');
      const subsection = first === last ? '' : ` ${quote(key.slice(first + 1, last), /["\\]/g)}`;
      const said = value === null ? '' : ` = ${quote(value, /["\\\n\t\b]/g)}`;
      return `[${key.slice(0, first)}${subsection}]\n\t${key.slice(last + 1)}${said}\n`;
    })
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': 'n', '\t': 't', '\b': 'b' };

function quote(text: string, special: RegExp): string {
  return `"${text.replace(special, (character) => `\\${ESCAPES[character] ?? character}`)}"`;
}

function isFileScope(scope: string): scope is ConfigEntry['scope'] {
  return scope === 'system' || scope === 'global' || scope === 'local' || scope === 'worktree';
}

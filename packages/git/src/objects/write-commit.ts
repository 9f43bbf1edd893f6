import { isNotUtf8 } from '../byte-text.js';
import { type CommitTreeRequest, commitTree } from '../commit.js';
import type { Git } from '../git.js';
import { type Identity, rawDate } from '../identity.js';
import { objectsOf } from './object-reader.js';
import { writeObject } from './write-object.js';

const idents = new WeakMap<Git, Promise<readonly [author: string, committer: string]>>();

/**
 * What {@link commitTree} does, without a process of its own: `git hash-object` checks and writes the commits of all
 * callers with this git. A signed commit, and one whose text is not plain, is left to `git commit-tree`.
 *
 * @param request its tree by full id
 */
export async function writeCommit(git: Git, request: CommitTreeRequest): Promise<string> {
  const { signing, message, env, guessIdentity, author: given, committer: other } = request;
  const isPlain = [message, given?.name, other?.name].every(
    (text) => !isNotUtf8(text ?? '') && !text?.includes('\0'),
  );
  if (signing !== undefined || env !== undefined || guessIdentity !== false || !isPlain)
    return commitTree(git, request);
  // Throws where no identity is configured, as `git commit-tree` does.
  const [author, committer] = await identsOf(git);
  const header = [
    `tree ${request.tree}`,
    ...request.parents.map((parent) => `parent ${parent}`),
    `author ${identLine(request.author, author, git.variable('GIT_AUTHOR_DATE') !== undefined)}`,
    `committer ${identLine(request.committer, committer, git.variable('GIT_COMMITTER_DATE') !== undefined)}`,
  ];
  const text = `${header.join('\n')}\n\n${message}`;
  const id = await writeObject(git, 'commit', text);
  // Garbage collection may have taken a tree that no commit had yet. That is for `git commit-tree` to say.
  const tree = await objectsOf(git).read(request.tree);
  return tree?.type === 'tree' ? id : commitTree(git, request);
}

/** Author and committer as git gives them, with the time at which they were asked for; asked once. */
function identsOf(git: Git): Promise<readonly [string, string]> {
  const ask = (role: string) => git.text(['-c', 'user.useConfigOnly=true', 'var', `GIT_${role}_IDENT`]);
  const known = idents.get(git) ?? Promise.all([ask('AUTHOR'), ask('COMMITTER')]);
  idents.set(git, known);
  known.catch(() => idents.delete(git));
  return known;
}

/**
 * One line of a commit. Git's own ident has the time at which it was asked for, unless that is fixed.
 */
function identLine(identity: Identity | undefined, own: string, isFixed: boolean): string {
  if (identity === undefined) return isFixed ? own : own.replace(/ \d+ [+-]\d{4}$/, ` ${rawNow()}`);
  const { name, email, date } = identity;
  return `${cleaned(name)} <${cleaned(email)}> ${date === undefined ? rawNow() : rawDate(date)}`;
}

/** As git cleans names: no angle brackets and line breaks, and nothing but a name at both ends (ident.c, `strbuf_addstr_without_crud`). */
function cleaned(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git takes them off
  const crud = /^[\x00-\x20.,:;<>"\\']+|[\x00-\x20.,:;<>"\\']+$/g;
  return text.replace(crud, '').replace(/[<>\n]/g, '');
}

/** Now, as git writes it: seconds, and how far the local time is ahead of UTC. */
function rawNow(): string {
  const now = new Date();
  const minutes = -now.getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const zone = `${minutes < 0 ? '-' : '+'}${pad(hours)}${pad(rest)}`;
  return `${Math.floor(now.getTime() / 1000)} ${zone}`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

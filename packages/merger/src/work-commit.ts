import type { CommitId, IntegrateRequest } from '@pwt/core';
import { type CommitTreeRequest, type Git, type Identity, readIdentity } from '@pwt/git';
import { withoutOwnTrailers, withTrailers } from './message.js';
import { type OwnCommit, readOwnCommits } from './own-commits.js';

/** Author, message and parents of the commit that a task becomes. */
type CommitWords = Omit<CommitTreeRequest, 'tree'>;

/** Where the work comes from, and where it goes. */
interface CommitPlace {
  readonly onto: CommitId;
  readonly commit: CommitId;
  /** A history whose commits are not the task's, if its work is put onto another one. */
  readonly over?: CommitId;
  /** The merge bases of `onto` and `commit`, if they are known. */
  readonly bases?: readonly CommitId[];
}

/** What the commit says in which a task's work is integrated, by the strategy of the request. */
export async function wordsOf(
  git: Git,
  request: Pick<IntegrateRequest, 'subject' | 'message' | 'strategy' | 'trailers'>,
  { onto, commit, over, bases }: CommitPlace,
): Promise<CommitWords> {
  const { subject, message, strategy = 'merge', trailers } = request;
  const finished = (text: string) => withTrailers(text, subject, trailers);
  if (strategy === 'merge') {
    return { parents: over === undefined ? [onto, commit] : [onto], message: finished(message) };
  }
  const except = over === undefined ? [onto] : [onto, over];
  const base = over === undefined && bases?.length === 1 ? bases[0] : undefined;
  const own = await readOwnCommits(git, { commit, except, base });
  const parents = [onto];
  if (strategy === 'squash') {
    const committer = await committerOf(git);
    return { parents, message: finished(squashMessage(message, own, committer)) };
  }
  const author = own.at(-1)?.author;
  const text = own.map((each) => withoutOwnTrailers(each.message)).filter((each) => each !== '');
  const words = text.length > 0 ? text.join('\n\n') : message;
  return { parents, message: finished(words), ...(author && { author: usable(author) }) };
}

/** The title, then the subject of each commit that says something else, then the authors besides the committer. */
function squashMessage(
  message: string,
  own: readonly OwnCommit[],
  committer: Pick<Identity, 'email'> | null,
): string {
  const title = message.split('\n', 1)[0];
  const subjects = own.map((each) => each.message.split('\n', 1)[0] ?? '');
  const told = [...new Set(subjects)].filter((each) => each !== '' && each !== title);
  const authors = new Map(own.map(({ author }) => [author.email, author]));
  if (committer !== null) authors.delete(committer.email);
  const credits = [...authors.values()].map(({ name, email }) => `Co-authored-by: ${name} <${email}>`);
  return [message.trimEnd(), told.map((each) => `* ${each}`).join('\n'), credits.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Git makes no commit without a name, though it reads one. */
function usable(author: Required<Identity>): Required<Identity> {
  return author.name === '' ? { ...author, name: author.email || 'unknown' } : author;
}

const committers = new WeakMap<Git, ReturnType<typeof readIdentity>>();

/** Asked once. */
function committerOf(git: Git): ReturnType<typeof readIdentity> {
  const known = committers.get(git) ?? readIdentity(git);
  committers.set(git, known);
  known.catch(() => committers.delete(git));
  return known;
}

import type { CommitId } from '@pwt/core';
import { type Git, type Identity, isNotUtf8, objectsOf, readCommitText } from '@pwt/git';

/** What one commit of a task says. */
export interface OwnCommit {
  readonly author: Required<Identity>;
  /** Whole, trimmed. */
  readonly message: string;
}

/** The most commits of one task whose words are kept. */
const MOST = 100;

/**
 * The commits that a task has made itself, oldest first: those of `commit` that none of `except` contains. Merges of the
 * agent's say nothing of the work and are left out, unless there is nothing else. One git process, unless `base` is given.
 *
 * @param base the one merge base of `commit` and what it is put on
 */
export async function readOwnCommits(
  git: Git,
  {
    commit,
    except,
    base,
  }: {
    readonly commit: CommitId;
    readonly except: readonly CommitId[];
    readonly base?: CommitId | undefined;
  },
): Promise<OwnCommit[]> {
  const line = base === undefined ? null : await readLine(git, commit, base);
  if (line !== null) return line;
  const commits = await log(git, ['--no-merges', `--max-count=${MOST}`], commit, except);
  return commits.length > 0 ? commits : log(git, ['--no-walk'], commit, []);
}

/** The commits from a base on, read as objects; `null` if they are no single line, or in an encoding of their own. */
async function readLine(git: Git, commit: CommitId, base: CommitId): Promise<OwnCommit[] | null> {
  const commits: OwnCommit[] = [];
  for (let next = commit; next !== base; ) {
    const found = await readCommitText(objectsOf(git), next);
    const [parent, ...merged] = found?.parents ?? [];
    if (!found || parent === undefined || merged.length > 0 || commits.length >= MOST) return null;
    if (found.encoding !== undefined || isNotUtf8(`${found.author}${found.message}`)) return null;
    const author = /^(.*?) ?<([^>]*)> (\d+ [+-]\d{4})$/.exec(found.author);
    if (author === null) return null;
    const [, name = '', email = '', date = ''] = author;
    commits.push({ author: { name, email, date }, message: found.message.trim() });
    next = parent;
  }
  return commits.reverse();
}

async function log(
  git: Git,
  which: readonly string[],
  commit: CommitId,
  except: readonly CommitId[],
): Promise<OwnCommit[]> {
  const format = '--format=%an%x00%ae%x00%ad%x00%B%x00';
  const args = ['log', '--topo-order', '--date=raw', '--no-mailmap', '--no-show-signature', '-z', format];
  const { stdout } = await git.run([...args, ...which, commit, ...except.map((id) => `^${id}`), '--']);
  // Each commit: four fields with a NUL at the end, and one more between commits.
  const fields = stdout.split('\0');
  const commits: OwnCommit[] = [];
  for (let at = 0; at + 3 < fields.length; at += 5) {
    const [name = '', email = '', date = '', message = ''] = fields.slice(at, at + 4);
    commits.push({ author: { name, email, date }, message: message.trim() });
  }
  return commits.reverse();
}

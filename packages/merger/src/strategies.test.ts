import type { MergeStrategy } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { repositoryWith, type TestRepository } from '../test/repository.js';

const subject = { kind: 'tasks', taskIds: ['20'] } as const;
const trailers = ['Pwt-Spec: specs/20.md', 'Pwt-Gate: 0123abcd'];
const REQUEST = { runId: 'r1', subject, message: 'Add the login\n', trailers };
const OWN = ['Pwt-Task: 20', ...trailers].join('\n');

/** A commit that an agent has made on top of another one. */
async function agentCommit(
  { git }: TestRepository,
  start: string,
  [path, content]: readonly [string, string],
  { message, author = 'Agent' }: { readonly message: string; readonly author?: string },
): Promise<string> {
  const blob = await git.text(['hash-object', '-w', '--stdin'], { input: content });
  await git.run(['read-tree', start], { env: { GIT_INDEX_FILE: `${git.cwd}/.git/own` } });
  await git.run(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], {
    env: { GIT_INDEX_FILE: `${git.cwd}/.git/own` },
  });
  const tree = await git.text(['write-tree'], { env: { GIT_INDEX_FILE: `${git.cwd}/.git/own` } });
  return git.text(['commit-tree', '-p', start, '-F', '-', tree], {
    input: message,
    env: {
      ...{ GIT_AUTHOR_NAME: author, GIT_AUTHOR_EMAIL: `${author.toLowerCase()}@example.com` },
      GIT_AUTHOR_DATE: '@1600000000 -0330',
    },
  });
}

async function integrated(
  { merger }: TestRepository,
  request: { readonly onto: string; readonly commit: string; readonly strategy: MergeStrategy },
): Promise<string> {
  const outcome = await merger.integrate({ ...REQUEST, ...request });
  if (outcome.status !== 'merged') throw new Error(JSON.stringify(outcome));
  return outcome.commit;
}

const show = ({ git }: TestRepository, commit: string, format: string) =>
  git.text(['log', '-1', `--format=${format}`, '--date=raw', commit]);

describe('rebase', () => {
  it("keeps author, author's date and message, and adds trailers", async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const onto = await repository.side(base, { b: 'b\n' });
    const message = 'Accept passwords\n\nWith a body.\n\nPwt-Task: 99\n';
    const commit = await agentCommit(repository, base, ['c', 'c\n'], { message });
    const made = await integrated(repository, { onto, commit, strategy: 'rebase' });
    expect(await show(repository, made, '%an <%ae> %ad|%cn|%P')).toBe(
      `Agent <agent@example.com> 1600000000 -0330|Carl|${onto}`,
    );
    expect(await show(repository, made, '%B')).toBe(`Accept passwords\n\nWith a body.\n\n${OWN}\n`);
  });

  it('makes one commit of several: the last author, all messages, oldest first', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const first = await agentCommit(repository, base, ['b', 'b\n'], { message: 'One\n', author: 'Eve' });
    const commit = await agentCommit(repository, first, ['c', 'c\n'], { message: 'Two\n' });
    const made = await integrated(repository, { onto: base, commit, strategy: 'rebase' });
    expect(await show(repository, made, '%an|%B')).toBe(`Agent|One\n\nTwo\n\n${OWN}\n`);
    expect(await repository.git.lines(['diff', '--name-only', base, made])).toEqual(['b', 'c']);
  });
});

describe('squash', () => {
  it('is written under the title, by the committer, with subjects and the other authors', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const first = await agentCommit(repository, base, ['b', 'b\n'], {
      message: 'One\n\nbody\n',
      author: 'Carl',
    });
    const commit = await agentCommit(repository, first, ['c', 'c\n'], { message: 'Two\n' });
    const made = await integrated(repository, { onto: base, commit, strategy: 'squash' });
    expect(await show(repository, made, '%an|%cn|%P')).toBe(`Ada|Carl|${base}`);
    expect(await show(repository, made, '%B')).toBe(
      `Add the login\n\n* One\n* Two\n\nCo-authored-by: Agent <agent@example.com>\n${OWN}\n`,
    );
  });

  it('keeps every task of a group: the base of each is its own, not that of the group', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n', b: '1\n', c: '1\n' });
    const [one, two, three] = [
      await agentCommit(repository, base, ['a', '2\n'], { message: 'One\n' }),
      await agentCommit(repository, base, ['b', '2\n'], { message: 'Two\n' }),
      await agentCommit(repository, base, ['c', '2\n'], { message: 'Three\n' }),
    ];
    let onto = base;
    for (const commit of [one, two, three]) {
      onto = await integrated(repository, { onto, commit, strategy: 'squash' });
    }
    const files = await Promise.all(['a', 'b', 'c'].map((path) => repository.show(onto, path)));
    expect(files).toEqual(['2\n', '2\n', '2\n']);
    expect(await repository.git.lines(['rev-list', '--first-parent', onto])).toHaveLength(4);
    expect(await repository.git.lines(['rev-list', onto])).toHaveLength(4);
  });

  it('takes what was added to a branch after it was squashed, and nothing twice', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n', b: '1\n' });
    const first = await agentCommit(repository, base, ['a', '2\n'], { message: 'One\n' });
    const landed = await integrated(repository, { onto: base, commit: first, strategy: 'squash' });
    const more = await agentCommit(repository, first, ['b', '2\n'], { message: 'Two\n' });
    const made = await integrated(repository, { onto: landed, commit: more, strategy: 'squash' });
    expect(await repository.git.lines(['diff', '--name-only', landed, made])).toEqual(['b']);
    expect(
      await repository.merger.integrate({ ...REQUEST, onto: made, commit: more, strategy: 'squash' }),
    ).toEqual({
      status: 'contained',
    });
  });
});

describe.each(['squash', 'rebase'] as const)('%s onto a rewritten target', (strategy) => {
  it('leaves the replaced commits out, of the message too', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n', b: '1\n' });
    const over = await agentCommit(repository, base, ['a', 'taken back\n'], { message: 'Replaced\n' });
    const commit = await agentCommit(repository, over, ['b', '2\n'], { message: 'Mine\n' });
    const onto = await repository.side(base, { c: 'c\n' });
    const outcome = await repository.merger.replay({ ...REQUEST, onto, commit, over, strategy });
    if (outcome.status !== 'merged') throw new Error(JSON.stringify(outcome));
    expect(await show(repository, outcome.commit, '%P')).toBe(onto);
    expect(await repository.show(outcome.commit, 'a')).toBe('1\n');
    const words = await show(repository, outcome.commit, '%B');
    expect(words).toContain('Mine');
    expect(words).not.toContain('Replaced');
  });
});

it('merge: takes the trailers, too', async () => {
  const { repository, base } = await repositoryWith({ a: '1\n' });
  const commit = await agentCommit(repository, base, ['a', '2\n'], { message: 'One\n' });
  const made = await integrated(repository, { onto: base, commit, strategy: 'merge' });
  expect(await show(repository, made, '%B')).toBe(`Add the login\n\n${OWN}\n`);
  expect(await show(repository, made, '%P')).toBe(`${base} ${commit}`);
});

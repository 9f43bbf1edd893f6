import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectUntouched, type Landing, landingOf } from '../landing.js';

const ready = () => landingOf({ a: '1\n' }, { a: '2\n' });

/** Expects that nothing is touched, and what is said of the target's tip. */
async function expectMoved({ repository, from, to }: Landing, tip?: string): Promise<void> {
  const outcome = await expectUntouched(repository, () => repository.land(from, to));
  expect(outcome).toEqual({ status: 'moved', ...(tip === undefined ? {} : { tip }) });
}

describe('a target that is not where it was when the gate ran', () => {
  it('the user has committed to it, in a linked worktree', async () => {
    const landing = await ready();
    const { git, path } = landing.repository;
    const linked = join(dirname(path), 'linked');
    await git.run(['switch', '--quiet', '--create', 'mine']);
    await git.run(['worktree', 'add', '--quiet', linked, 'main']);
    await git.at(linked).run(['commit', '--quiet', '--allow-empty', '-m', 'mine']);
    await expectMoved(landing, await git.text(['rev-parse', 'main']));
  });

  it('it was forced to another line, and back behind what was known', async () => {
    const landing = await ready();
    const { repository, from } = landing;
    const beside = await repository.side(from, { b: 'b\n' });
    await repository.git.run(['reset', '--quiet', '--hard', beside]);
    await expectMoved(landing, beside);
    const tree = await repository.git.text(['rev-parse', `${from}^{tree}`]);
    const other = await repository.git.text(['commit-tree', tree, '-m', 'other root']);
    await repository.git.run(['reset', '--quiet', '--hard', other]);
    await expectMoved(landing, other);
  });

  it('it was deleted under the checkout, which has no commit now', async () => {
    const landing = await ready();
    await landing.repository.git.run(['update-ref', '-d', 'refs/heads/main']);
    await expectMoved(landing);
  });

  it('it was renamed, and another branch has its name', async () => {
    const landing = await ready();
    const { repository, from, to } = landing;
    await repository.git.run(['branch', '-m', 'main', 'trunk']);
    await expectMoved(landing);
    const tree = await repository.git.text(['rev-parse', `${from}^{tree}`]);
    const other = await repository.git.text(['commit-tree', tree, '-p', from, '-m', 'other']);
    await repository.git.run(['branch', 'main', other]);
    await expectMoved(landing, other);
    expect(await repository.merger.tip('trunk')).toBe(from);
    expect(await repository.merger.contains({ ancestor: to, descendant: from })).toBe(false);
  });

  it('it is a tag and a branch of one name: the branch is meant', async () => {
    const landing = await ready();
    const { repository, from, to } = landing;
    const tagged = await repository.side(from, { tagged: 't\n' });
    await repository.git.run(['tag', 'main', tagged]);
    expect(await repository.land(from, to)).toEqual({ status: 'landed' });
    expect(await repository.git.text(['rev-parse', 'refs/heads/main', 'refs/tags/main'])).toBe(
      `${to}\n${tagged}`,
    );
  });
});

describe('a branch that was moved after it was joined and tested', () => {
  it('lands as it was tested: the commit counts, and not the name', async () => {
    const { repository, from } = await ready();
    const tested = await repository.side(from, { b: 'tested\n' });
    await repository.git.run(['branch', 'work', tested]);
    const to = await repository.merged(from, tested);
    await repository.git.run(['branch', '--force', 'work', await repository.side(tested, { b: 'later\n' })]);
    expect(await repository.land(from, to)).toEqual({ status: 'landed' });
    expect(await repository.show('main', 'b')).toBe('tested\n');
    const rejoined = await repository.merger.contains({ ancestor: 'work', descendant: to });
    expect(rejoined).toBe(false);
  });
});

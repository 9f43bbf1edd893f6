import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectUntouched } from '../test/landing.js';
import { repositoryWith } from '../test/repository.js';

/** `main` was at `from`, where its checkout still is, and is at `to` now; `other` is not touched by the move. */
async function ready() {
  const { repository, base: from } = await repositoryWith({
    edit: '1\n',
    gone: 'g\n',
    other: 'o\n',
    '.gitignore': '*.env\n',
  });
  const to = await repository.side(from, { edit: '2\n', gone: null, 'new/file': 'n\n', 'secret.env': 's\n' });
  const request = { runId: 'r1', target: 'main', from, to };
  const move = () => repository.git.run(['update-ref', 'refs/heads/main', to, from]);
  return { repository, request, from, to, move };
}

describe('a checkout whose branch was moved without it', () => {
  it('is updated: no reversal of the move is staged', async () => {
    const { repository, request, move } = await ready();
    await move();
    expect(await repository.git.text(['status', '--porcelain'])).not.toBe('');
    expect(await repository.merger.updateCheckouts(request)).toMatchObject([
      { kind: 'target', severity: 'warning', subjects: [repository.path] },
    ]);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
    expect(readFileSync(join(repository.path, 'edit'), 'utf8')).toBe('2\n');
    expect(existsSync(join(repository.path, 'gone'))).toBe(false);
    expect(await repository.merger.updateCheckouts(request)).toEqual([]);
  });

  it('keeps what the user has edited and staged elsewhere in it', async () => {
    const { repository, request, move } = await ready();
    await move();
    repository.write({ other: 'mine\n', staged: 's\n', untracked: 'u\n' });
    await repository.git.run(['add', 'staged']);
    expect(await repository.merger.updateCheckouts(request)).toMatchObject([{ severity: 'warning' }]);
    expect(await repository.git.lines(['status', '--porcelain'])).toEqual([
      ' M other',
      'A  staged',
      '?? untracked',
    ]);
  });

  const blocking: Record<string, (path: Awaited<ReturnType<typeof ready>>['repository']) => unknown> = {
    'an edit of a file that changed': (repository) => repository.write({ edit: 'mine\n' }),
    'an untracked file where one was added': (repository) => repository.write({ 'new/file': 'mine\n' }),
    'an ignored file where one was added': (repository) => repository.write({ 'secret.env': 'mine\n' }),
    'a part of it staged already': (repository) => repository.git.run(['rm', '--quiet', '--cached', 'gone']),
  };
  for (const [name, act] of Object.entries(blocking)) {
    it(`is left as it is with ${name}, and the finding says what puts it right`, async () => {
      const { repository, request, from, move } = await ready();
      await move();
      await act(repository);
      const look = () => repository.merger.updateCheckouts(request);
      const [finding, ...others] = await expectUntouched(repository, look);
      expect([finding?.severity, others]).toEqual(['error', []]);
      await repository.git.run(finding?.hint?.split(': git ')[1]?.split(' ') ?? []);
      expect(await repository.merger.tip('main')).toBe(from);
    });
  }

  it('is not meant where the user has committed, and has staged a part of it to be taken back', async () => {
    const { repository, request, from } = await ready();
    await repository.git.run(['merge', '--quiet', '--ff-only', request.to]);
    expect(await repository.merger.updateCheckouts(request)).toEqual([]);
    await repository.git.run(['restore', '--staged', `--source=${from}`, 'edit', 'new/file']);
    expect(await repository.merger.updateCheckouts(request)).toEqual([]);
    await repository.git.run(['restore', '--staged', `--source=${from}`, '.']);
    expect(await repository.merger.updateCheckouts(request)).toEqual([]);
  });
});

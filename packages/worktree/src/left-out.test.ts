import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectFrom, repositoryWith } from '../test/repository.js';

async function stage() {
  const { repository, base } = await repositoryWith({
    a: 'a\n',
    'src/b': 'b\n',
    '.gitignore': '*.sock\nout/\n',
  });
  const workspace = await repository.create('20', base);
  return {
    ...{ repository, workspace },
    collect: () => collectFrom(repository.provider, { workspace, message: 'x' }),
    write: (files: Parameters<typeof repository.write>[0]) => repository.write(files, workspace.path),
  };
}

describe('what git cannot store in a commit', () => {
  it('keeps nothing from landing, and is said: pipes and sockets, ignored ones left aside', async () => {
    const { workspace, write, collect } = await stage();
    write({ work: 'w\n', 'out/x': '' });
    mkdirSync(join(workspace.path, 'new'));
    for (const pipe of ['src/pipe', 'new/pipe', 'ignored.sock', 'out/pipe']) {
      execFileSync('mkfifo', [join(workspace.path, pipe)]);
    }
    const server = createServer();
    await new Promise<void>((ready) => void server.listen(join(workspace.path, 's'), ready));
    const { changes, findings } = await collect();
    server.close();
    expect(changes).toEqual([{ path: 'work', kind: 'added' }]);
    expect(findings).toMatchObject([{ kind: 'left-out', severity: 'info', taskIds: ['20'] }]);
    expect([...(findings?.[0]?.subjects ?? [])].sort()).toEqual(['new/pipe', 's', 'src/pipe']);
  });

  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)('is also what cannot be read; the rest lands', async () => {
    const { workspace, write, collect } = await stage();
    write({ work: 'w\n', secret: 's\n', 'closed/file': 'f\n' });
    chmodSync(join(workspace.path, 'secret'), 0);
    chmodSync(join(workspace.path, 'closed'), 0);
    const { changes, findings } = await collect();
    chmodSync(join(workspace.path, 'closed'), 0o755);
    expect(changes).toEqual([{ path: 'work', kind: 'added' }]);
    expect(findings).toMatchObject([{ kind: 'left-out', severity: 'warning', hint: expect.any(String) }]);
    expect([...(findings?.[0]?.subjects ?? [])].sort()).toEqual(['closed', 'secret']);
  });
});

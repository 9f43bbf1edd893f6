import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalStore, requireApproval } from './approvals.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pwt-approvals-'));
});
afterEach(() => rm(dir, { recursive: true }));

const gate = { kind: 'gate', text: 'npm test' } as const;
const store = (repository = '/a/.git') =>
  new ApprovalStore({ file: join(dir, 'state/approvals.json'), repository });

describe('requireApproval', () => {
  it('has nothing to ask when the repository brings no commands', async () => {
    await requireApproval([], store());
    await expect(stat(join(dir, 'state'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses without a way to ask, and shows the text', async () => {
    await expect(requireApproval([gate], store())).rejects.toMatchObject({
      code: 'PWT_COMMAND_NOT_APPROVED',
      message: expect.stringContaining('npm test'),
    });
  });

  it('shows all texts that it refuses', async () => {
    const lint = { kind: 'gate', text: 'npm run lint' } as const;
    await expect(requireApproval([gate, lint], store())).rejects.toMatchObject({
      message: expect.stringMatching(/ 2 commands .*:\n {2}gate: npm test\n {2}gate: npm run lint$/),
    });
  });

  it('asks once, and again when the text, its kind or the repository changes', async () => {
    const asked: string[] = [];
    const confirm = async (commands: readonly { text: string }[]) => {
      asked.push(...commands.map(({ text }) => text));
      return true;
    };
    await requireApproval([gate], store(), confirm);
    await requireApproval([gate], store(), confirm);
    await requireApproval([{ kind: 'gate', text: 'npm test; rm x' }], store(), confirm);
    await requireApproval([{ kind: 'setup', text: 'npm test' }], store(), confirm);
    await requireApproval([gate], store('/b/.git'), confirm);
    expect(asked).toEqual(['npm test', 'npm test; rm x', 'npm test', 'npm test']);
  });

  it('remembers nothing after a no', async () => {
    await expect(requireApproval([gate], store(), async () => false)).rejects.toMatchObject({
      code: 'PWT_COMMAND_NOT_APPROVED',
    });
    expect(await store().unapproved([gate])).toEqual([gate]);
  });

  it('keeps no text, and keeps the file to the user', async () => {
    await store().approve([gate]);
    const file = join(dir, 'state/approvals.json');
    expect(await readFile(file, 'utf8')).not.toContain('npm test');
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('asks again when the record is damaged', async () => {
    await store().approve([gate]);
    await writeFile(join(dir, 'state/approvals.json'), '{');
    expect(await store().unapproved([gate])).toEqual([gate]);
  });
});

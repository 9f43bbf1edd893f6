import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Git } from '@pwt/git';
import { afterAll } from 'vitest';

/** The host's PATH and nothing else of it; a fixed identity. */
export const testEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Carl',
  GIT_COMMITTER_EMAIL: 'carl@example.com',
};

export type Files = Readonly<Record<string, string | Uint8Array>>;

export function write(top: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(top, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** Packing is of no use here, and a process each time that git thinks of it. */
const SETTINGS = ['gc.auto=0', 'maintenance.auto=false', 'receive.autogc=false'];

const made = new Map<string, Promise<string>>();
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Puts `remote.git`, which is empty, and `project`, with these files in a commit, into a folder. Git makes each of its kind once. */
export async function putRepositories(
  folder: string,
  files: Files,
  format: 'sha1' | 'sha256',
): Promise<void> {
  const text = ([path, content]: [string, string | Uint8Array]) => [
    path,
    Buffer.from(content).toString('base64'),
  ];
  const key = JSON.stringify([format, Object.entries(files).map(text)]);
  const original = made.get(key) ?? make(files, format);
  made.set(key, original);
  cpSync(await original, folder, { recursive: true });
}

async function make(files: Files, format: 'sha1' | 'sha256'): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-original-'));
  folders.push(folder);
  const git = (name: string) => new Git({ cwd: join(folder, name), env: testEnvironment });
  const init = ['init', '--quiet', `--object-format=${format}`];
  await git('').run([...init, '--bare', 'remote.git']);
  await git('').run([...init, '--initial-branch=main', 'project']);
  for (const name of ['remote.git', 'project'])
    for (const setting of SETTINGS) await git(name).run(['config', ...setting.split('=')]);
  write(join(folder, 'project'), files);
  await git('project').run(['add', '--all']);
  await git('project').run(['commit', '--quiet', '--allow-empty', '-m', 'change']);
  return folder;
}

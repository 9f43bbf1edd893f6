import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = 'ralphy-cli';
const VERSION = '4.7.2';
const PATIENCE_MS = 180_000;

/**
 * Installs a peer from npm into a folder of the system's temporary folder; nothing of it comes near the project.
 *
 * @returns {{folder: string, version: string, program: string} | string} why it can't be had
 */
export function installRalphy() {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-bench-peers-'));
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const flags = [
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--loglevel=error',
    '--prefer-offline',
    '--fetch-retries=1',
  ];
  const { status, stderr, error } = spawnSync('npm', ['install', ...flags, `${PACKAGE}@${VERSION}`], {
    cwd: folder,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0)
    return { folder, version: VERSION, program: join(folder, 'node_modules', PACKAGE, 'bin.js') };
  rmSync(folder, { recursive: true, force: true });
  const why = error?.message ?? stderr.trim().split('\n')[0] ?? '';
  return `${PACKAGE} ${VERSION} could not be installed from npm: ${why}`;
}

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { start } from './programs.mjs';

export function isInstalled() {
  return spawnSync('redis-server', ['--version']).error === undefined;
}

/**
 * Debian's `redis-server` on a free port of this machine alone. The password goes to it by its standard input: it is in no command
 * line and in no file.
 *
 * @param {string} folder
 * @param {string} password
 */
export async function startRedis(folder, password) {
  mkdirSync(folder);
  const port = await freePort();
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `requirepass ${password}`,
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
  ];
  const { promise: ready, resolve } = withResolvers();
  const server = start(['redis-server', '-'], {
    cwd: folder,
    env: process.env,
    input: `${settings.join('\n')}\n`,
    onLine: (line) => line.includes('Ready to accept connections') && resolve(undefined),
  });
  const ended = server.ended.then((code) => {
    throw new Error(`redis-server has ended with ${code}:\n${server.output()}`);
  });
  ended.catch(() => undefined);
  await Promise.race([ready, ended]);
  return { url: `redis://127.0.0.1:${port}`, ...server };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? address?.port : undefined;
}

function withResolvers() {
  /** @type {(value: unknown) => void} */
  let resolve = () => undefined;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { isWithin, type Mount } from './mounts.js';

export interface HiddenPlacesRequest {
  /** Shown in place of `/tmp` and `/var/tmp`. Absolute. */
  readonly tmp: string;
  readonly varTmp: string;
  /** What has to be seen wherever it is. Absolute. */
  readonly needed: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
  /** The environment of the agent: what it names is there. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Variables that name places which a confined process is given anew, or must not reach. */
const NOT_SHOWN = new Set(['TMPDIR', 'TMP', 'TEMP', 'XDG_RUNTIME_DIR', 'SSH_AUTH_SOCK', 'OLDPWD']);

/**
 * Folders that everybody shares, replaced by private ones: `/tmp` and `/var/tmp`, and `/run`, where the sockets of the
 * user's session and of the machine's services are.
 *
 * What the agent needs out of them (the repository, its program, what its arguments and variables name) is shown read-only, by the
 * first folder below the shared one.
 */
export async function hiddenPlaces(request: HiddenPlacesRequest): Promise<Mount[]> {
  const { tmp, varTmp, env } = request;
  const runtime = env.XDG_RUNTIME_DIR;
  const hidden: Mount[] = [
    { kind: 'write', from: tmp, to: '/tmp' },
    { kind: 'write', from: varTmp, to: '/var/tmp' },
    { kind: 'empty', to: '/run' },
    ...(runtime !== undefined && isAbsolute(runtime)
      ? [{ kind: 'empty', to: resolve(runtime) } as const]
      : []),
  ];
  const mounts = hidden.filter(
    ({ to }, at) => existsSync(to) && !hidden.slice(0, at).some((outer) => isWithin(outer.to, to)),
  );
  const shown = new Set<string>();
  for (const path of await neededPaths(request)) {
    const outer = mounts.find(({ to }) => path !== to && isWithin(to, path))?.to;
    if (outer === undefined || isSocket(path)) continue;
    shown.add(`${outer}/${path.slice(outer.length + 1).split('/')[0]}`);
  }
  return [...mounts, ...[...shown].map((path): Mount => ({ kind: 'read', from: path, to: path }))];
}

/** As they are written, and where they lead. */
async function neededPaths({ needed, command, args, env }: HiddenPlacesRequest): Promise<string[]> {
  const named = Object.entries(env)
    .filter(([name]) => !NOT_SHOWN.has(name))
    .flatMap(([, value]) => (value ?? '').split(':'));
  const written = [...needed, command, ...args, ...named, '/etc/resolv.conf', '/etc/localtime']
    .filter((path) => isAbsolute(path) && path.length < 4096 && !path.includes('\0') && existsSync(path))
    .map((path) => resolve(path));
  const real = await Promise.all(written.map((path) => realpath(path)));
  return [...new Set([...written, ...real])];
}

function isSocket(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}

/**
 * The sockets on this machine that processes listen on and that a confined one would see: a socket is no less open in a folder that can’t be
 * written, and who answers there (a container engine, a key agent) is not confined.
 *
 * @param visible false where the sandbox shows something else
 */
export async function openSockets(
  visible: (path: string) => boolean,
  table = '/proc/net/unix',
): Promise<Mount[]> {
  if (!existsSync(table)) return [];
  const paths = new Set(
    readFileSync(table, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => /^\S+: \S+ \S+ \S+ \S+ \S+ +\d+ (\/.*)$/.exec(line)?.[1] ?? '')
      .filter((path) => path !== ''),
  );
  const mounts: Mount[] = [];
  for (const path of paths) {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || !visible(real) || !(await lstat(real)).isSocket()) continue;
    mounts.push({ kind: 'read', from: '/dev/null', to: real });
  }
  return mounts;
}

/** One thing that a confined process sees at a place, instead of what is there for others. */
export type Mount =
  /** A file or folder of this machine, at `to`. */
  | { readonly kind: 'write' | 'read' | 'device'; readonly from: string; readonly to: string }
  /** An empty folder. */
  | { readonly kind: 'empty'; readonly to: string };

const FLAGS = { write: '--bind', read: '--ro-bind', device: '--dev-bind' } as const;

/**
 * Mounts as arguments of `bwrap`: what lies inside of another comes after it, and of two at one place the later given one
 * counts. Pure.
 */
export function mountArguments(mounts: readonly Mount[]): string[] {
  const last = new Map(mounts.map((mount) => [mount.to, mount]));
  return [...last.values()]
    .sort((a, b) => depthOf(a.to) - depthOf(b.to) || (a.to < b.to ? -1 : 1))
    .flatMap((mount) =>
      mount.kind === 'empty' ? ['--tmpfs', mount.to] : [FLAGS[mount.kind], mount.from, mount.to],
    );
}

/** A parent has fewer parts than what lies in it; nothing else has to be in order. */
function depthOf(path: string): number {
  return path === '/' ? 0 : path.split('/').length;
}

/** True for a folder itself and for what lies in it. Both absolute and without `..`. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

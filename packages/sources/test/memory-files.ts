import type { FolderEntry, SourceFileSystem } from '../src/file-system.js';

/** Where the files of a {@link MemoryFiles} are. */
export const ROOT = '/checkout';

/** Given files as a file system. A content `{ link }` is a symbolic link to an absolute path. */
export class MemoryFiles implements SourceFileSystem {
  /** Every path that was listed, resolved or read. */
  readonly touched: string[] = [];
  readonly #files: ReadonlyMap<string, MemoryContent>;

  /** @param files by their path below {@link ROOT} */
  constructor(files: Readonly<Record<string, MemoryContent>>) {
    this.#files = new Map(Object.entries(files).map(([path, content]) => [`${ROOT}/${path}`, content]));
  }

  async list(folder: string): Promise<readonly FolderEntry[]> {
    this.touched.push(folder);
    const inside = [...this.#files].filter(([path]) => path.startsWith(`${folder}/`));
    if (inside.length === 0 && folder !== ROOT) throw missing(folder);
    const entries = new Map<string, FolderEntry>();
    for (const [path, content] of inside) {
      const [name = '', ...below] = path.slice(folder.length + 1).split('/');
      const kind = below.length > 0 ? 'folder' : isLink(content) ? 'link' : 'file';
      entries.set(name, { name, kind });
    }
    return [...entries.values()];
  }

  async realPath(path: string): Promise<string> {
    this.touched.push(path);
    const content = this.#files.get(path);
    if (content !== undefined) return isLink(content) ? content.link : path;
    const isFolder = path === ROOT || [...this.#files.keys()].some((file) => file.startsWith(`${path}/`));
    if (!isFolder) throw missing(path);
    return path;
  }

  async read(path: string, maxBytes: number): ReturnType<SourceFileSystem['read']> {
    this.touched.push(path);
    const content = this.#files.get(await this.realPath(path));
    if (content === undefined || isLink(content)) throw missing(path);
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { bytes: bytes.subarray(0, maxBytes), sizeBytes: bytes.length };
  }
}

export type MemoryContent = string | Uint8Array | { readonly link: string };

function isLink(content: MemoryContent): content is { readonly link: string } {
  return typeof content === 'object' && 'link' in content;
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, '${path}'`), { code: 'ENOENT' });
}

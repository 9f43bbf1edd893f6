import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { privateModes } from '@pwt/core';

/** Which clones are ours: one small JSON file each, replaced as a whole. */
export class CloneRecords {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async read(id: string): Promise<Workspace | undefined> {
    try {
      return JSON.parse(await readFile(this.#file(id), 'utf8')) as Workspace;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async list(): Promise<readonly Workspace[]> {
    await mkdir(this.#directory, { recursive: true, mode: privateModes.folder });
    const names = (await readdir(this.#directory)).filter((name) => name.endsWith('.json')).sort();
    const found = await Promise.all(names.map((name) => this.read(name.slice(0, -'.json'.length))));
    return found.filter((workspace) => workspace !== undefined);
  }

  async write(workspace: Workspace): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: privateModes.folder });
    const file = this.#file(workspace.id);
    await writeFile(`${file}.new`, `${JSON.stringify(workspace)}\n`, { flush: true });
    await rename(`${file}.new`, file);
  }

  async delete(id: string): Promise<void> {
    await rm(this.#file(id), { force: true });
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json`);
  }
}

import {
  type LiveWork,
  type Radar,
  type RadarPicture,
  type RadarRequest,
  type Sighting,
  throwIfAborted,
} from '@pwt/core';
import { joinList } from './memory-edits.js';
import { compareFiles, type FileMap, type MemoryRepository } from './memory-repository.js';
import type { MemoryWorkspaceProvider } from './memory-workspace-provider.js';

/** Sees where workspaces of a {@link MemoryWorkspaceProvider} collide: by whole files, as its repository merges. */
export class MemoryRadar implements Radar {
  readonly name = 'memory';
  /** How often it was asked to look. */
  looks = 0;
  readonly #repository: MemoryRepository;
  readonly #provider: MemoryWorkspaceProvider;

  constructor(repository: MemoryRepository, provider: MemoryWorkspaceProvider) {
    this.#repository = repository;
    this.#provider = provider;
  }

  async look({ works, onto, lists, abortSignal }: RadarRequest): Promise<RadarPicture> {
    throwIfAborted(abortSignal);
    this.looks += 1;
    const found = await Promise.all(works.map((work) => this.#read(work)));
    const sightings = works.map((work, at): Sighting => {
      const own = found[at];
      if (own === undefined) return { id: work.id, changes: [], colliding: [], unseen: 'it is no workspace' };
      const { base, files } = own;
      const colliding = works.flatMap((other, index) => {
        const theirs = found[index]?.files;
        const paths = index === at || theirs === undefined ? [] : this.#conflicts(base, files, theirs, lists);
        return paths.length === 0 ? [] : [{ with: other.id, paths: paths.map((path) => ({ path })) }];
      });
      const stale = this.#conflicts(base, files, this.#repository.read(onto).files, lists);
      return {
        id: work.id,
        changes: this.#changed(base, files),
        colliding,
        ...(stale.length > 0 && { stale: { conflicts: stale.map((path) => ({ path })), moved: [] } }),
      };
    });
    const merges = works.length * works.length;
    return { onto, sightings, moved: works.length, merges, isPartial: false, durationMs: 0 };
  }

  async close(): Promise<void> {}

  async #read({ path }: LiveWork) {
    const workspace = (await this.#provider.list()).find((one) => one.path === path);
    return workspace && { base: workspace.base, files: this.#provider.files(workspace) };
  }

  #changed(base: string, files: FileMap): string[] {
    return compareFiles(this.#repository.read(base).files, files).map(({ path }) => path);
  }

  /** The paths that both have changed, in different ways. */
  #conflicts(base: string, files: FileMap, others: FileMap, lists: readonly string[] = []): string[] {
    const theirs = new Set(this.#changed(base, others));
    const before = this.#repository.read(base).files;
    const isJoined = (path: string) =>
      lists.includes(path) && joinList(before.get(path), files.get(path), others.get(path)) !== undefined;
    return this.#changed(base, files).filter(
      (path) => theirs.has(path) && files.get(path) !== others.get(path) && !isJoined(path),
    );
  }
}

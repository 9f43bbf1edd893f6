import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, PwtError, privateModes } from '@pwt/core';
import { KeyedMutex } from '@pwt/git';
import { type Latest, type Placement, placementSchema, type Saved } from './placement.js';

/**
 * Where each workspace is: one JSON file each, replaced atomically and flushed to disk. A file that can't be read concerns its own
 * workspace alone; it is left as it is, and named.
 */
export class PlacementStore {
  readonly #directory: string;
  readonly #changes = new KeyedMutex();
  readonly #turns = new KeyedMutex();

  /** @param stateDir where pwt keeps its state for the repository. Absolute. */
  constructor(stateDir: string) {
    this.#directory = join(stateDir, 'bullmq', 'placements');
  }

  /** @throws PwtError `PWT_PLACEMENT_UNREADABLE` */
  async read(id: string): Promise<Placement | undefined> {
    try {
      return this.#parse(id, await readFile(this.#file(id), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Those of one run or of all, by their ids. One that can't be read is left out; {@link damaged} names it. */
  async list(runId?: string): Promise<Placement[]> {
    return (await this.look(runId)).placements;
  }

  /** The same, with `PWT_PLACEMENT_UNREADABLE` for each file that can't be read. */
  async look(runId?: string): Promise<{ readonly placements: Placement[]; readonly damaged: PwtError[] }> {
    const ids = await this.#ids();
    const { placements, damaged } = await this.#readAll(
      ids.filter((id) => runId === undefined || id.startsWith(`${runId}.`)),
    );
    const ofRun = placements.filter((placement) => runId === undefined || placement.runId === runId);
    return { placements: ofRun, damaged };
  }

  /** The checkouts of a run for gates, but for what lost workers have left. Only their own files are read. */
  async checkouts(runId: string): Promise<Placement[]> {
    const ids = (await this.#ids()).filter((id) => id.startsWith(`${runId}.@`));
    const { placements } = await this.#readAll(ids);
    return placements.filter(({ kind, leftOf }) => kind === 'scratch' && leftOf === undefined);
  }

  /** Those of a task in any run. Only their own files are read. */
  async ofTask(taskId: string): Promise<Placement[]> {
    const ids = await this.#ids();
    const { placements } = await this.#readAll(ids.filter((id) => id.endsWith(`.${taskId}`)));
    return placements.filter((placement) => placement.kind === 'task' && placement.taskId === taskId);
  }

  /** `PWT_PLACEMENT_UNREADABLE` for each that can't be read, with the file as its place. */
  async damaged(): Promise<PwtError[]> {
    return (await this.#readAll(await this.#ids())).damaged;
  }

  async write(placement: Placement): Promise<void> {
    await this.#changes.run(placement.id, () => this.#write(placement));
  }

  /**
   * Replaces a placement by what `change` makes of it; changes of the same one take turns.
   *
   * @returns the new one; `undefined` if there is none, and nothing was changed
   */
  async update(id: string, change: (placement: Placement) => Placement): Promise<Placement | undefined> {
    return this.#changes.run(id, async () => {
      const found = await this.read(id);
      if (found === undefined) return undefined;
      const next = change(found);
      if (next !== found) await this.#write(next);
      return next;
    });
  }

  async delete(id: string): Promise<void> {
    await this.#changes.run(id, () => rm(this.#file(id), { force: true }));
  }

  /** Runs what makes, moves or removes a workspace after those that are under way for it. */
  async inTurn<T>(id: string, action: () => Promise<T>): Promise<T> {
    return this.#turns.run(id, action);
  }

  /** Puts on record that an attempt is given to the worker, before it is. */
  async launched(id: string, number: number): Promise<void> {
    await this.update(id, (placement) => {
      if (placement.launched.includes(number)) return placement;
      return { ...placement, launched: [...placement.launched, number].sort((a, b) => a - b) };
    });
  }

  /** Puts on record that an attempt is over, however it has ended. */
  async ended(id: string, number: number): Promise<void> {
    await this.update(id, (placement) =>
      (placement.ended ?? 0) < number ? { ...placement, ended: number } : placement,
    );
  }

  /** Puts on record that an attempt was given up, with the worker that had it. */
  async gaveUp(id: string, number: number, worker: string): Promise<void> {
    await this.update(id, (placement) => {
      if (placement.givenUp.some((one) => one.number === number)) return placement;
      return { ...placement, givenUp: [...placement.givenUp, { number, worker }] };
    });
  }

  /** Puts on record which work of it is kept in the project's repository: the result of an attempt, or what was collected after it. */
  async saved(id: string, saved: Saved): Promise<void> {
    await this.update(id, (placement) =>
      (placement.saved?.after ?? 0) > saved.after ? placement : { ...placement, saved },
    );
  }

  /** Puts on record which commit a worker has made last of what is in a workspace. */
  async made(id: string, latest: Latest): Promise<void> {
    await this.update(id, (placement) =>
      (placement.latest?.at ?? 0) > latest.at ? placement : { ...placement, latest },
    );
  }

  /** Puts on record that the worker of a workspace is lost, unless it has another one by now. */
  async lost(id: string, homes: number): Promise<void> {
    await this.update(id, (placement) =>
      placement.homes === homes && placement.lost !== true ? { ...placement, lost: true } : placement,
    );
  }

  async #ids(): Promise<string[]> {
    const names = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -5))
      .sort();
  }

  async #readAll(ids: readonly string[]): Promise<{ placements: Placement[]; damaged: PwtError[] }> {
    const placements: Placement[] = [];
    const damaged: PwtError[] = [];
    for (const id of ids) {
      try {
        const placement = await this.read(id);
        if (placement !== undefined) placements.push(placement);
      } catch (error) {
        if (!hasCode(error, 'PWT_PLACEMENT_UNREADABLE')) throw error;
        damaged.push(error);
      }
    }
    return { placements, damaged };
  }

  async #write(placement: Placement): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: privateModes.folder });
    const file = this.#file(placement.id);
    const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`;
    try {
      const handle = await open(draft, 'wx', privateModes.file);
      try {
        await handle.writeFile(`${JSON.stringify(placement, null, 2)}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json`);
  }

  #parse(id: string, text: string): Placement {
    try {
      const placement = placementSchema.parse(JSON.parse(text));
      if (placement.id === id) return placement;
    } catch {
      // Falls through: for the caller, damaged JSON and an unknown format are the same.
    }
    const path = this.#file(id);
    throw new PwtError('PWT_PLACEMENT_UNREADABLE', `${path} is damaged or of a newer pwt.`, {
      hint: 'pwt leaves that workspace alone. To move the record aside: pwt doctor --fix',
      place: { path },
      data: { id },
    });
  }
}

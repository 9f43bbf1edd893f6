import { requirementId, sharedQueue } from '../protocol/names.js';
import { type Requirement, requirementSchema } from '../protocol/requirement.js';
import type { Served, ServedJob, WorkerLink } from './link.js';

export interface JoiningOptions {
  readonly queue: string;
  readonly link: Pick<WorkerLink, 'requirements' | 'serve'>;
  /** Why the worker does not meet it; `undefined` if it does. */
  readonly unmet: (requirement: Requirement) => string | undefined;
  /** How many more workspaces may be placed here now. */
  readonly room: (kind: Requirement['kind']) => number;
  readonly process: (job: ServedJob) => Promise<unknown>;
  readonly refused: (job: ServedJob, answer: unknown) => void;
  readonly log: { info(text: string): void };
}

interface Joined {
  readonly requirement: Requirement;
  readonly served: Served;
  underWay: number;
}

/** So many refusals are told, and so much of each. */
const TOLD = 50;
const TOLD_CHARACTERS = 200;

/** Takes jobs of the queues whose requirements the worker meets, as many as it has room for. */
export class Joining {
  readonly #options: JoiningOptions;
  readonly #joined = new Map<string, Joined>();
  #refuses: ReadonlyMap<string, string> = new Map();
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(options: JoiningOptions) {
    this.#options = options;
  }

  /** Requirements that it does not meet: id → why. */
  get refuses(): Readonly<Record<string, string>> {
    const told = [...this.#refuses].slice(0, TOLD);
    return Object.fromEntries(told.map(([id, why]) => [id, why.slice(0, TOLD_CHARACTERS)]));
  }

  /** The ids of requirements whose jobs it takes. */
  get serves(): readonly string[] {
    return [...this.#joined.keys()];
  }

  /** Looks at what is announced now. Concurrent calls share a look, and one more behind it. */
  refresh(): Promise<void> {
    if (this.#looking !== undefined) {
      this.#again = true;
      return this.#looking;
    }
    this.#looking = this.#lookUntilSettled().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** There is more room, or less. */
  adjust(): void {
    for (const joined of this.#joined.values()) joined.served.setConcurrency(this.#concurrency(joined));
  }

  /** Takes no further job. Ends when those that it works on have ended, or at once with `now`. */
  async close(how: { readonly now?: boolean } = {}): Promise<void> {
    this.#closed = true;
    const all = [...this.#joined.values()];
    this.#joined.clear();
    await Promise.all(all.map(({ served }) => served.close(how)));
  }

  async #lookUntilSettled(): Promise<void> {
    do {
      this.#again = false;
      await this.#look();
    } while (this.#again && !this.#closed);
  }

  async #look(): Promise<void> {
    const announced = await this.#options.link.requirements();
    if (this.#closed) return;
    const refuses = new Map<string, string>();
    for (const [id, written] of announced) {
      if (this.#joined.has(id)) continue;
      const requirement = readRequirement(id, written);
      const why = requirement === undefined ? 'it can not be read' : this.#options.unmet(requirement);
      if (requirement === undefined || why !== undefined) refuses.set(id, why ?? '');
      else this.#join(id, requirement);
    }
    for (const [id, why] of refuses)
      if (this.#refuses.get(id) !== why) this.#options.log.info(`refuses what a run needs: ${why}`);
    this.#refuses = refuses;
    for (const [id, joined] of this.#joined) {
      const isOver = !announced.has(id);
      const isUnmet = this.#options.unmet(joined.requirement) !== undefined;
      if (!isOver && !isUnmet) continue;
      this.#joined.delete(id);
      await joined.served.close();
      if (isUnmet) this.#again = true;
    }
  }

  #join(id: string, requirement: Requirement): void {
    const { queue, link, process, refused } = this.#options;
    const joined: Joined = {
      requirement,
      underWay: 0,
      served: link.serve({
        queue: sharedQueue(queue, requirement),
        concurrency: this.#room(requirement),
        refused,
        process: async (job) => {
          joined.underWay += 1;
          try {
            return await process(job);
          } finally {
            joined.underWay -= 1;
            this.adjust();
          }
        },
      }),
    };
    this.#joined.set(id, joined);
  }

  /** What is worked on has its room already. */
  #concurrency({ requirement, underWay }: Joined): number {
    const room = this.#room(requirement);
    return room === 0 ? 0 : underWay + room;
  }

  #room({ kind }: Requirement): number {
    return this.#closed ? 0 : this.#options.room(kind);
  }
}

/** `undefined` if it is none, or not the one whose id it has. */
function readRequirement(id: string, written: unknown): Requirement | undefined {
  const { data } = requirementSchema.safeParse(written);
  return data !== undefined && requirementId(data) === id ? data : undefined;
}

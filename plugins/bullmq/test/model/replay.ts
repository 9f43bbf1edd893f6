import type { AttemptKey } from '../../src/protocol/operations.js';
import type { ModelExchange } from './model-exchange.js';
import { type Ending, nameOf } from './parts.js';
import { RUN_ID, Stage, TASKS } from './stage.js';
import type { Observed, Step } from './trace.js';
import { Workers } from './workers.js';

/** Does what a trace says, with the real coordinator and a real exchange. */
export class Replay {
  readonly #stage = new Stage();
  readonly #exchange: ModelExchange;
  readonly #workers: Workers;
  /** To which worker the last attempt of each task was granted. */
  readonly #placed = new Map<string, string>();
  /** Tasks whose start was under way when the coordinator died. */
  readonly #mustAttach = new Set<string>();
  #onExchange: Pick<Observed, 'refs' | 'late'> = { refs: {}, late: [] };

  constructor(exchange: ModelExchange) {
    this.#exchange = exchange;
    this.#workers = new Workers(exchange);
  }

  observe(): Observed {
    return { ...this.#stage.observe(), ...this.#onExchange };
  }

  async do({ what, task = '', number = 0, worker = '' }: Step): Promise<void> {
    const attempt: AttemptKey = { runId: RUN_ID, taskId: task, number };
    const workers = this.#workers;
    switch (what) {
      case 'init':
        return this.#stage.start();
      case 'grant':
        this.#placed.set(task, worker);
        return this.#stage.turns.give(`grant ${task}`);
      case 'ask':
        return workers.ask(attempt);
      case 'launched':
        return this.#stage.turns.give(`launched ${nameOf(attempt)}`);
      case 'attach':
        this.#mustAttach.delete(task);
        return this.#stage.turns.give(
          `attach ${nameOf(attempt)}`,
          workers.attach(this.#workerOf(task), attempt),
        );
      case 'take':
        if (!workers.isAnswered(attempt)) throw new Error(`nobody has answered about ${nameOf(attempt)}`);
        return this.#end(attempt, { kind: 'done', ...(await this.#exchange.result(attempt)) });
      case 'giveUp':
        return this.#giveUp(attempt);
      case 'giveUpAndDie':
        await this.#exchange.giveUp(attempt);
        await this.#look();
        return this.#stage.crash();
      case 'move':
        return this.#stage.turns.give(`move ${task}`);
      case 'record':
        return this.#stage.turns.give('record');
      case 'crash':
        return this.#stage.crash();
      case 'resume':
        return this.#resume();
      case 'deliver':
        return workers.deliver(worker, attempt);
      case 'finish':
        return workers.finish(worker, attempt);
      case 'push':
      case 'pushAndDie':
        await workers.push(worker, attempt, { tells: what === 'push' });
        return this.#look();
      case 'pushForRepair':
        await this.#exchange.publish('c', attempt);
        return this.#look();
      case 'tellAgain':
        return workers.tellAgain(attempt);
      case 'forget':
        return workers.forget();
      case 'goAway':
      case 'comeBack':
      case 'perish':
        return;
      default:
        throw new Error(`The replay does not know "${what}".`);
    }
  }

  /** The next step after which things are better, until everything is well. */
  repair(): Step | undefined {
    const { isUp, journal, refs } = this.observe();
    if (!isUp) return { what: 'resume', after: {} };
    const moved = TASKS.find((task) => journal[task]?.[0] === 'Moved');
    if (moved !== undefined) return { what: 'record', task: moved, after: {} };
    for (const task of TASKS) {
      const [phase, number] = journal[task] ?? ['Waiting', 0];
      const step = (what: string, more: Partial<Step> = {}): Step => ({
        ...{ what, task, number, after: {} },
        ...more,
      });
      const attempt = { runId: RUN_ID, taskId: task, number };
      switch (phase) {
        case 'Waiting':
          return step('grant', { number: number + 1, worker: 'c' });
        case 'Launching':
          return step(this.#mustAttach.has(task) ? 'attach' : 'launched');
        case 'Running':
          if (this.#workers.isAnswered(attempt)) return step('take');
          return step(refs[nameOf(attempt)] === undefined ? 'pushForRepair' : 'giveUp');
        case 'Taken':
          return step('move');
        default:
      }
    }
    return undefined;
  }

  get summary(): Stage['summary'] {
    return this.#stage.summary;
  }

  async #giveUp(attempt: AttemptKey): Promise<void> {
    const outcome = await this.#exchange.giveUp(attempt);
    await this.#look();
    const worker = this.#workerOf(attempt.taskId);
    return this.#end(
      attempt,
      outcome === 'given-up' ? { kind: 'lost', worker } : { kind: 'done', ...outcome },
    );
  }

  #end(attempt: AttemptKey, ending: Ending): Promise<void> {
    return this.#stage.turns.give(`end ${nameOf(attempt)}`, ending);
  }

  #resume(): void {
    const { journal } = this.#stage.observe();
    this.#mustAttach.clear();
    for (const task of TASKS) if (journal[task]?.[0] === 'Launching') this.#mustAttach.add(task);
    this.#stage.resume();
  }

  async #look(): Promise<void> {
    this.#onExchange = await this.#exchange.observe();
  }

  #workerOf(task: string): string {
    const worker = this.#placed.get(task);
    if (worker === undefined) throw new Error(`task ${task} was never granted`);
    return worker;
  }
}

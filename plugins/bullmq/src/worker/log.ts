/** One thing that a worker has done or met, for the person who runs it. Says no secret. */
export interface WorkerEvent {
  readonly level: 'info' | 'warning' | 'error';
  /** One line. */
  readonly text: string;
}

export class WorkerLog {
  readonly #write: (event: WorkerEvent) => void;

  constructor(write: (event: WorkerEvent) => void) {
    this.#write = write;
  }

  info(text: string): void {
    this.#write({ level: 'info', text });
  }

  /** Something did not work, and the worker goes on. */
  warn(text: string): void {
    this.#write({ level: 'warning', text });
  }

  /** Something did not work that a person has to look at. */
  error(text: string): void {
    this.#write({ level: 'error', text });
  }
}

import { join } from 'node:path';
import { readText, writeDurably } from '../attempt/durable-file.js';

/** What has to be known of a sandbox once its agent has ended, whatever the configuration says by then. */
export interface SandboxRecord {
  /** The worktree's entry in the shared git directory; absent where the workspace is no linked worktree. */
  readonly gitDir?: string;
  /** The branch of the workspace, without `refs/heads/`. */
  readonly branch?: string;
  /** Whether the entry had a configuration of its own before. */
  readonly hadWorktreeConfig: boolean;
}

/** The files of one attempt's sandbox, below its state directory. */
export class SandboxFiles {
  readonly dir: string;
  /** What the agent sees as the shared git directory. */
  readonly git: string;
  /** What it sees as `/tmp` and `/var/tmp`. */
  readonly tmp: string;
  readonly varTmp: string;
  readonly refsBefore: string;
  readonly #record: string;

  constructor(stateDir: string) {
    this.dir = join(stateDir, 'sandbox');
    this.git = join(this.dir, 'git');
    this.tmp = join(this.dir, 'tmp');
    this.varTmp = join(this.dir, 'var-tmp');
    this.refsBefore = join(this.dir, 'refs-before');
    this.#record = join(this.dir, 'record.json');
  }

  /** Before the agent starts: it is what brings its work back. */
  writeRecord(record: SandboxRecord): Promise<void> {
    return writeDurably(this.#record, `${JSON.stringify(record)}\n`);
  }

  /** `undefined`: there is no sandbox, or it was never ready for an agent. */
  async record(): Promise<SandboxRecord | undefined> {
    const text = await readText(this.#record);
    return text?.endsWith('\n') ? (JSON.parse(text) as SandboxRecord) : undefined;
  }
}

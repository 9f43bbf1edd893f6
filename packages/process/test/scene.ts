import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  attachSupervised,
  createMark,
  type LeaseTaken,
  type NeverStarted,
  type StartSupervisedRequest,
  type Supervised,
  startSupervised,
} from '../src/index.js';
import { env, onCleanup, sweptMark, temporaryDirectory } from './support.js';

/** A temporary directory to run supervised shell scripts in, with everything that a start needs. */
export class Scene {
  readonly root: string;
  /** The state directory of the one run that most tests need. */
  readonly dir: string;

  private constructor(root: string) {
    this.root = root;
    this.dir = join(root, 'state');
  }

  static async create(): Promise<Scene> {
    return new Scene(await temporaryDirectory());
  }

  path(name: string): string {
    return join(this.root, name);
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  request(text: string, changes: Partial<StartSupervisedRequest> = {}): StartSupervisedRequest {
    return {
      command: 'sh',
      args: ['-c', text],
      cwd: this.root,
      env,
      dir: this.dir,
      stdoutFile: this.path('out'),
      stderrFile: this.path('err'),
      mark: sweptMark(createMark()),
      ...changes,
    };
  }

  async start(text: string, changes: Partial<StartSupervisedRequest> = {}): Promise<Supervised> {
    return supervised(await startSupervised(this.request(text, changes)));
  }

  async attach(): Promise<Supervised> {
    return supervised(await attachSupervised({ dir: this.dir }));
  }
}

export function supervised(outcome: Supervised | LeaseTaken | NeverStarted): Supervised {
  if (outcome.status !== 'supervised') throw new Error(`not supervised: ${outcome.status}`);
  onCleanup(async () => outcome.release());
  return outcome;
}

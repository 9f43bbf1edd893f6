import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workbench } from './pwt.js';

/**
 * Stands for `claude` and `codex` on the PATH of a test: speaks as they do, writes the file that the spec of its task names, and says
 * that its quota is used up as long as a file says so.
 */
const program = (name: string, folder: string) => `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const print = (event) => console.log(JSON.stringify(event));
const folder = ${JSON.stringify(folder)};
const [first] = process.argv.slice(2);
if (first === '--version') console.log('9.9.9');
else if (first === 'auth' || first === 'login') print({ loggedIn: true });
else {
  readFileSync(0);
  // A session that goes on is not told again what to do.
  const spec = readFileSync('specs/SPEC-' + process.env.PWT_TASK_ID + '-task.md', 'utf8');
  const starts = folder + '/${name}.starts';
  appendFileSync(starts, 'start\\n');
  const count = readFileSync(starts, 'utf8').trim().split('\\n').length;
  const from = folder + '/${name}.quota';
  const isOut = existsSync(from) && count >= Number(readFileSync(from, 'utf8'));
  const usage = { input_tokens: 80, output_tokens: 20 };
  if (existsSync(folder + '/${name}.endless')) {
    print({ type: 'system', subtype: 'init', session_id: 'session-' + count });
    const turn = { input_tokens: 150, output_tokens: 50 };
    print({ type: 'assistant', message: { id: 'm', content: [{ type: 'text', text: 'on it' }], usage: turn } });
    // The next turn never ends.
    setInterval(() => undefined, 1e9);
    return;
  }
  if (!isOut) writeFileSync(/\`(\\w+\\.txt)\`/.exec(spec)[1], 'done\\n');
  if (${JSON.stringify(name)} === 'codex') {
    print({ type: 'thread.started', thread_id: 'thread-1' });
    print({ type: 'turn.completed', usage });
  } else {
    print({ type: 'system', subtype: 'init', session_id: 'session-' + count });
    if (isOut) {
      const result = 'API Error: 429 rate_limit_error';
      print({ type: 'result', subtype: 'success', is_error: true, api_error_status: 429, result });
      process.exitCode = 1;
    } else print({ type: 'result', subtype: 'success', result: 'done', total_cost_usd: 0.25, usage });
  }
}
`;

/** The accounts of two agents that a test steers. */
export class Accounts {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async install(bench: Workbench): Promise<Accounts> {
    const folder = join(bench.repository.parent, 'bin');
    await mkdir(folder, { recursive: true });
    for (const name of ['claude', 'codex']) {
      await writeFile(join(folder, name), program(name, folder));
      await chmod(join(folder, name), 0o755);
    }
    bench.prependPath(folder);
    return new Accounts(folder);
  }

  /** From this start on, counted from 1, the agent is at its quota. */
  async quotaFrom(name: string, start: number): Promise<void> {
    await writeFile(join(this.#folder, `${name}.quota`), `${start}`);
  }

  /** It uses 200 tokens in its first turn, and never ends the second. */
  async makeEndless(name: string): Promise<void> {
    await writeFile(join(this.#folder, `${name}.endless`), '');
  }

  /** It works again. */
  async restore(name: string): Promise<void> {
    for (const kind of ['quota', 'endless']) await rm(join(this.#folder, `${name}.${kind}`), { force: true });
  }

  /** How often it was started on a task. */
  async starts(name: string): Promise<number> {
    const text = await readFile(join(this.#folder, `${name}.starts`), 'utf8').catch(() => '');
    return text.split('\n').length - 1;
  }
}

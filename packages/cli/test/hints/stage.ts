import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { shellQuote } from '@pwt/core';
import { type Outcome, runArguments, scriptedAgent, Workbench } from '../support/pwt.js';
import { HOLE } from './literals.js';
import type { Hint } from './scan.js';

/** A hint as situations name it: its file, and its command with `…` for what is only known when it is printed. */
function nameOf({ file, command }: Pick<Hint, 'file' | 'command'>): string {
  return `${file}: ${command}`;
}

/** True if this is the hint that a situation names, with its whole path or the end of it. */
export function isNamed(hint: Pick<Hint, 'file' | 'command'>, name: string): boolean {
  return `/${nameOf(hint)}`.endsWith(`/${name}`);
}

/** What a shell takes as one word, quoted or not. */
const WORD = String.raw`(?:'(?:[^']|'\\'')*'|[^\s'"\`;|&()<>])+`;

/** A repository in which something has gone wrong, and the shell of the user who is told what to do about it. */
export class Stage {
  readonly bench: Workbench;
  /** Names of the hints that were followed, each as often as it was. */
  readonly followed: string[] = [];
  readonly #hints: readonly Hint[];
  readonly #bin: string;

  private constructor(bench: Workbench, hints: readonly Hint[], bin: string) {
    this.bench = bench;
    this.#hints = hints;
    this.#bin = bin;
  }

  /** A repository with these files, a scripted agent in its configuration, and `pwt` on the path of its shell. */
  static async create(
    program: string,
    hints: readonly Hint[],
    files: Readonly<Record<string, string>> = {},
  ): Promise<Stage> {
    const config = JSON.stringify({ agent: { command: scriptedAgent } });
    const bench = await Workbench.create(program, { 'pwt.config.json': config, ...files });
    const bin = join(bench.repository.parent, 'bin');
    await mkdir(bin);
    await writeFile(
      join(bin, 'pwt'),
      `#!/bin/sh\nexec ${shellQuote(process.execPath)} ${shellQuote(program)} "$@"\n`,
    );
    await chmod(join(bin, 'pwt'), 0o755);
    return new Stage(bench, hints, bin);
  }

  /** Runs tasks, with the agent of the configuration, on a machine that may be busy. */
  run(...args: readonly string[]): Promise<Outcome> {
    return this.bench.pwt([...runArguments(['--yes']), ...args], { env: this.#env });
  }

  pwt(...args: readonly string[]): Promise<Outcome> {
    return this.bench.pwt(args, { env: this.#env });
  }

  /** Runs a line as the user's shell would. */
  async sh(line: string, cwd: string = this.bench.repository.path): Promise<Outcome> {
    const env = { ...this.bench.env, ...this.#env };
    const child = spawn('sh', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    }
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, ...output };
  }

  /**
   * Finds the command of a hint in what was printed, and runs it as it was printed.
   *
   * @param name `file: command`, as the sources spell it; the beginning of the path may be left out
   * @throws Error if no such command was printed, or no source has it
   */
  async follow(
    name: string,
    printed: Outcome | string,
    cwd: string = this.bench.repository.path,
  ): Promise<Outcome> {
    return this.sh(this.printed(name, printed), cwd);
  }

  /** Follows hints that are parts of one line, such as `mv … && pwt retry …`: the line is what a group catches. */
  async followLine(names: readonly string[], line: RegExp, printed: Outcome | string): Promise<Outcome> {
    const text = typeof printed === 'string' ? printed : `${printed.stdout}\n${printed.stderr}`;
    const [, found] = line.exec(text) ?? [];
    if (found === undefined) throw new Error(`${line} is not in what was printed:\n${text}`);
    for (const name of names) this.printed(name, found);
    return this.sh(found);
  }

  /** Runs tasks with a shell script as their agent. */
  runScript(script: string, ...args: readonly string[]): Promise<Outcome> {
    return this.run(...args, '--', 'sh', '-c', script);
  }

  /** Starts pwt and leaves it running. */
  start(...args: readonly string[]): ChildProcess {
    return this.bench.start(args, { env: this.#env });
  }

  /** The command of a hint as it was printed; it counts as followed. */
  printed(name: string, printed: Outcome | string): string {
    const hint = this.#hints.find((one) => isNamed(one, name));
    if (hint === undefined) throw new Error(`no source has the hint: ${name}`);
    const text = typeof printed === 'string' ? printed : `${printed.stdout}\n${printed.stderr}`;
    const found = patternOf(hint).exec(text)?.[0];
    if (found === undefined) throw new Error(`${nameOf(hint)}\nis not in what was printed:\n${text}`);
    this.followed.push(name);
    return found;
  }

  /** The command of a hint without a hole; it counts as followed. */
  spelled(name: string): string {
    const hint = this.#hints.find((one) => isNamed(one, name));
    if (hint === undefined || hint.command.includes(HOLE)) throw new Error(`no source has the hint: ${name}`);
    this.followed.push(name);
    return hint.command;
  }

  dispose(): Promise<void> {
    return this.bench.dispose();
  }

  get #env(): Record<string, string> {
    return { PATH: [this.#bin, process.env.PATH].join(delimiter) };
  }
}

/** The command with words in its holes, up to what follows it in its message. */
function patternOf({ command, after }: Hint): RegExp {
  const parts = command.split(HOLE).map(escaped);
  // What ends a message with a hole ends a line; there is more of it than one word where it was put together.
  const isOpen = command.endsWith(HOLE) && after === '';
  const end = isOpen
    ? String.raw`(?=\s&&\s|$)`
    : after === ''
      ? '(?=[.,;)`]?(?:\\s|$))'
      : `(?=${escaped(after.split(HOLE)[0] ?? '')})`;
  return new RegExp(`(?<=^|[\\s\`(])${parts.join(`(?:\\s?${WORD}(?:\\s${WORD})*?)?`)}${end}`, 'm');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s/g, '\\s');
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Experience, ExperienceStore, GateExperience, GateRecord, Lessons } from '@pwt/coordinator';
import { privateModes, type Task } from '@pwt/core';
import { hashText } from '@pwt/separator';

/** How many tasks are remembered; about 70 bytes each. */
const MOST_TASKS = 5_000;
const MOST_GATES = 20;
/** With more tasks or verdicts than this, earlier ones count half. */
const MOST_COUNTED = 400;
/** Larger files are not ours. */
const MOST_BYTES = 4_000_000;

type Identity = Pick<Task, 'id' | 'title' | 'specs'>;

/** The file: a line for the gate's record, then one for each gate and each task, the latest last. */
type Line =
  | (GateRecord['tasks'] & GateRecord['gates'])
  | ({ readonly gate: string } & GateExperience)
  | { readonly task: string; readonly title: string; readonly text: string; readonly ms: number };

/** What is known of a task's agent. Title and text are hashes: they tell whether an id still means the same work. */
interface KnownTask {
  readonly title: string;
  readonly text: string;
  readonly ms: number;
}

/**
 * What runs have taken, in a file of JSON lines.
 *
 * It only saves time: a line that is damaged is left out, a file that can't be read or written costs nothing but that.
 */
export class FileExperience implements ExperienceStore {
  readonly #file: string;
  #recalled: Promise<Remembered> | undefined;

  /** @param file absolute; made when there is something to keep */
  constructor(file: string) {
    this.#file = file;
  }

  /** Reads the file once. */
  recall(): Promise<Experience> {
    this.#recalled ??= this.#read();
    return this.#recalled;
  }

  async learn(lessons: Lessons): Promise<void> {
    // Read again: another run may have ended since.
    const known = await this.#read();
    known.add(lessons);
    const draft = `${this.#file}.${process.pid}`;
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: privateModes.folder });
      await writeFile(draft, known.lines(), { mode: privateModes.file });
      await rename(draft, this.#file);
    } catch {
      // A full disk, or a folder that can't be written to: whatever needs the disk itself says so.
    }
  }

  async #read(): Promise<Remembered> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    return new Remembered(text.length > MOST_BYTES ? '' : text);
  }
}

class Remembered implements Experience {
  readonly #tasks = new Map<string, KnownTask>();
  readonly #gates = new Map<string, GateExperience>();
  prior: GateRecord = { tasks: { decided: 0, red: 0 }, gates: { green: 0, flaky: 0 } };

  constructor(text: string) {
    for (const line of text.split('\n')) this.#take(tryParse(line));
  }

  agentMs(task: Identity): number | undefined {
    return this.#known(task)?.ms;
  }

  gate(fingerprint: string): GateExperience | undefined {
    return this.#gates.get(fingerprint);
  }

  add({ tasks, gates, record }: Lessons): void {
    for (const { task, agentMs } of tasks) {
      const ms = mean(this.#known(task)?.ms, agentMs);
      this.#tasks.delete(task.id);
      this.#tasks.set(task.id, { ...hashesOf(task), ms });
    }
    for (const { fingerprint, durationMs, cpuMs } of gates) {
      const before = this.#gates.get(fingerprint);
      const cpu = cpuMs === undefined ? before?.cpuMs : mean(before?.cpuMs, cpuMs);
      this.#gates.delete(fingerprint);
      this.#gates.set(fingerprint, {
        durationMs: mean(before?.durationMs, durationMs),
        ...(cpu === undefined ? {} : { cpuMs: cpu }),
      });
    }
    const { tasks: before, gates: verdicts } = this.prior;
    const [decided, red] = counted(before.decided + record.tasks.decided, before.red + record.tasks.red);
    const [green, flaky] = counted(verdicts.green + record.gates.green, verdicts.flaky + record.gates.flaky);
    this.prior = { tasks: { decided, red }, gates: { green, flaky } };
  }

  lines(): string {
    const lines: Line[] = [{ ...this.prior.tasks, ...this.prior.gates }];
    for (const [gate, known] of [...this.#gates].slice(-MOST_GATES)) lines.push({ gate, ...known });
    for (const [task, known] of [...this.#tasks].slice(-MOST_TASKS)) lines.push({ task, ...known });
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }

  /** The same id with another title and another text is another task. */
  #known(task: Identity): KnownTask | undefined {
    const known = this.#tasks.get(task.id);
    if (known === undefined) return undefined;
    const { title, text } = hashesOf(task);
    return known.title === title || known.text === text ? known : undefined;
  }

  #take(line: Partial<Record<string, unknown>>): void {
    const { decided, red, green, flaky, gate, durationMs, cpuMs, task, title, text, ms } = line;
    if (isAmount(decided) && isAmount(red) && isAmount(green) && isAmount(flaky)) {
      if (red <= decided && flaky <= green) this.prior = { tasks: { decided, red }, gates: { green, flaky } };
    } else if (typeof gate === 'string' && isAmount(durationMs)) {
      this.#gates.set(gate, { durationMs, ...(isAmount(cpuMs) ? { cpuMs } : {}) });
    } else if (
      typeof task === 'string' &&
      typeof title === 'string' &&
      typeof text === 'string' &&
      isAmount(ms)
    ) {
      this.#tasks.set(task, { title, text, ms });
    }
  }
}

function hashesOf({ title, specs }: Identity): { readonly title: string; readonly text: string } {
  return { title: hashText(title), text: hashText(specs.map(({ hash }) => hash).join(' ')) };
}

/** Half of what was known before and half of what was measured now: machines, agents and specs change. */
function mean(before: number | undefined, now: number): number {
  return Math.round(before === undefined ? now : (before + now) / 2);
}

/** A number of cases and how many of them: both halved when they are many, so that earlier ones count less. */
function counted(all: number, some: number): readonly [number, number] {
  return all > MOST_COUNTED ? [all / 2, some / 2] : [all, some];
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function tryParse(line: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

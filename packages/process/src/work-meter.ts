import { readdirSync } from 'node:fs';
import { marksOf } from './mark.js';
import { openFiles, readLink, readProc, textsOf } from './system/proc-files.js';

/** What the processes with one mark have done between two looks. */
export interface WorkDone {
  /** None of them was seen on a processor, began or ended: they have done nothing. */
  readonly asleep: boolean;
  /** One of them ended and no other one of them waited for it: what it wrote at the end is not in {@link written}. */
  readonly lost: boolean;
  /** Bytes that they have written, to whatever file, pipe or socket. */
  readonly written: number;
}

/** A process that was seen for the first time: where it is, and what it was started with. */
export interface SeenProcess {
  readonly mark: string;
  readonly pid: number;
  readonly cwd: string | undefined;
  readonly args: readonly string[];
}

interface Known {
  /** `undefined`: it carries none of the marks. */
  readonly mark: string | undefined;
  /** How often it was looked at without a mark: a process gets its mark when it becomes the command. */
  looks: number;
  counters: Counters;
}

interface Counters {
  readonly parent: number;
  /** What the scheduler says: the time on a processor, and how many turns there. It changes whenever the process runs. */
  readonly turns: string;
  /** With those of its children that it has waited for. */
  readonly written: number;
}

/** A process without a mark is looked at so many times. */
const LOOKS = 2;

const nothing: Counters = { parent: 0, turns: '', written: 0 };

/**
 * Measures what the processes of several marks do, cheaply enough to look several times a second: one listing of `/proc`,
 * and one small file for each process that carries a mark or descends from one that does, two more if it has run. See proc(5): `schedstat` counts the
 * turns on a processor, `io` the bytes that were written, also by children that have ended and were waited for.
 *
 * Each look is synchronous, so that it is of one moment. Only on Linux; elsewhere {@link isAvailable} is false.
 */
export class WorkMeter {
  readonly #known = new Map<number, Known>();

  static get isAvailable(): boolean {
    return process.platform === 'linux' && readProc('/proc/self/io') !== undefined;
  }

  /** What was done since the last look, by mark; `seen`: the processes that were not there then. */
  look(marks: ReadonlySet<string>): { done: Map<string, WorkDone>; seen: SeenProcess[] } {
    const done = new Map([...marks].map((mark) => [mark, { asleep: true, lost: false, written: 0 }]));
    const seen: SeenProcess[] = [];
    const alive = new Set<number>();
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) continue;
      alive.add(pid);
      const before = this.#known.get(pid);
      const known = before?.mark === undefined ? this.#identify(pid, before, marks) : before;
      if (known.mark === undefined) continue;
      const work = done.get(known.mark);
      const now = work && countersOf(pid, known.counters);
      if (work === undefined || now === undefined) continue;
      if (known !== before) seen.push(describe(known.mark, pid));
      if (known !== before || now.turns !== known.counters.turns) work.asleep = false;
      work.written += now.written - known.counters.written;
      known.counters = now;
    }
    for (const [pid, { mark, counters }] of this.#known) {
      if (alive.has(pid)) continue;
      const work = mark === undefined ? undefined : done.get(mark);
      if (work === undefined) continue;
      work.asleep = false;
      // What it had written counts for the parent from now on.
      if (alive.has(counters.parent) && this.#known.get(counters.parent)?.mark === mark)
        work.written -= counters.written;
      else work.lost = true;
    }
    for (const pid of this.#known.keys()) if (!alive.has(pid)) this.#known.delete(pid);
    return { done, seen };
  }

  /** The mark of a process that has one of these files open right now, and of its processes the one. */
  holderOf(file: string): string | undefined {
    for (const [pid, { mark }] of this.#known) {
      if (mark !== undefined && openFiles(pid).includes(file)) return mark;
    }
    return undefined;
  }

  #identify(pid: number, before: Known | undefined, marks: ReadonlySet<string>): Known {
    if (before !== undefined && before.looks >= LOOKS) return before;
    const inherited = before === undefined ? this.#known.get(parentOf(pid))?.mark : undefined;
    const mark = inherited ?? ownMark(pid, marks);
    if (mark === undefined && before !== undefined) {
      before.looks += 1;
      return before;
    }
    const known: Known = { mark, looks: 1, counters: nothing };
    this.#known.set(pid, known);
    return known;
  }
}

function ownMark(pid: number, marks: ReadonlySet<string>): string | undefined {
  const environ = readProc(`/proc/${pid}/environ`);
  return environ === undefined ? undefined : marksOf(environ).findLast((mark) => marks.has(mark));
}

function parentOf(pid: number): number {
  const stat = readProc(`/proc/${pid}/stat`)?.toString('latin1') ?? '';
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** `undefined` for a process that is gone, or that may not be looked into. One that has slept is asked one question only. */
function countersOf(pid: number, before: Counters): Counters | undefined {
  const schedule = readProc(`/proc/${pid}/schedstat`)?.toString('latin1') ?? '';
  const isCounted = schedule !== '' && !schedule.startsWith('0 0 0');
  // A turn that has begun before the last look is told by the time alone.
  if (isCounted && schedule === before.turns) return before;
  const stat = readProc(`/proc/${pid}/stat`)?.toString('latin1');
  if (stat === undefined) return undefined;
  const io = readProc(`/proc/${pid}/io`)?.toString('latin1') ?? '';
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    parent: Number(fields[1]),
    // Where the scheduler does not count, the faults and the CPU time tell, less exactly.
    turns: isCounted ? schedule : [fields[7], fields[11], fields[12]].join(' '),
    written: Number(/^wchar: (\d+)$/m.exec(io)?.[1] ?? 0),
  };
}

function describe(mark: string, pid: number): SeenProcess {
  const cwd = readLink(`/proc/${pid}/cwd`);
  return { mark, pid, cwd, args: textsOf(readProc(`/proc/${pid}/cmdline`)) };
}

import { readdirSync, readFileSync } from 'node:fs';
import { endianness, uptime } from 'node:os';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunningProgram } from '@pwt/core';
import { marksOf } from '../mark.js';
import { openFiles, readLink, readProc, textsOf } from './proc-files.js';
import type { ProcessEntry, ProcessOrigin, ProcessPlace, ProcessSystem } from './system.js';

/** `/proc` counts CPU time in USER_HZ, which is 100 for every Linux user space. */
const TICK_MS = 10;

/** Rows read between two turns of the event loop: well under a millisecond of work. */
const ROWS_PER_TURN = 32;

/** The process table as `/proc` shows it. See proc_pid_stat(5) for the fields. */
export class LinuxSystem implements ProcessSystem {
  #bootId: string | undefined;
  #pageBytes: number | undefined;

  bootId(): string {
    this.#bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return this.#bootId;
  }

  startTime(pid: number): string | undefined {
    const row = this.#row(pid);
    return row === undefined || row.zombie ? undefined : row.startTime;
  }

  async table(): Promise<ProcessEntry[]> {
    const entries: ProcessEntry[] = [];
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    for (const [index, pid] of pids.entries()) {
      if (index % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
      const row = this.#row(pid);
      if (row === undefined) continue;
      const environ = row.zombie ? undefined : readProc(`/proc/${pid}/environ`);
      entries.push(environ === undefined ? row : { ...row, marks: marksOf(environ) });
    }
    return entries;
  }

  programs(name: string): Promise<RunningProgram[]> {
    return this.#select((pid) => isCalled(name, pid));
  }

  holders(files: readonly string[]): Promise<RunningProgram[]> {
    const wanted = new Set(files);
    return this.#select((pid) => openFiles(pid).some((file) => wanted.has(file)));
  }

  async #select(fits: (pid: number) => boolean): Promise<RunningProgram[]> {
    const found: RunningProgram[] = [];
    const bootedAt = Date.now() - uptime() * 1000;
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    for (const [index, pid] of pids.entries()) {
      if (index % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
      if (!fits(pid)) continue;
      const row = this.#row(pid);
      if (row === undefined || row.zombie) continue;
      found.push({
        pid,
        startedAt: bootedAt + Number(row.startTime) * TICK_MS,
        args: textsOf(readProc(`/proc/${pid}/cmdline`)),
        cwd: readLink(`/proc/${pid}/cwd`)?.replace(/ \(deleted\)$/, ''),
        environment: textsOf(readProc(`/proc/${pid}/environ`)),
      });
    }
    return found;
  }

  async places(): Promise<ProcessPlace[]> {
    const places: ProcessPlace[] = [];
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    for (const [index, pid] of pids.entries()) {
      if (index % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
      const cwd = readLink(`/proc/${pid}/cwd`);
      const folders = [cwd, readLink(`/proc/${pid}/root`)].filter((folder) => folder !== undefined);
      const name = readProc(`/proc/${pid}/comm`)?.toString('utf8').trim();
      if (folders.length > 0 && name !== undefined)
        places.push({ pid, name, folders, ...(cwd === undefined ? {} : { cwd }) });
    }
    return places;
  }

  origin(pid: number): ProcessOrigin | undefined {
    const row = this.#row(pid);
    const environ = readProc(`/proc/${pid}/environ`);
    if (row === undefined || row.zombie || environ === undefined) return undefined;
    const { ppid, startTime } = row;
    return {
      ppid,
      startTime,
      parent: readProc(`/proc/${ppid}/comm`)?.toString('utf8').trim(),
      hasTerminal: row.terminal !== 0,
      variables: textsOf(environ).map((text) => text.split('=', 1)[0] ?? ''),
      marks: marksOf(environ),
    };
  }

  #row(pid: number): (ProcessEntry & { readonly terminal: number }) | undefined {
    const stat = readProc(`/proc/${pid}/stat`);
    if (stat === undefined) return undefined;
    this.#pageBytes ??= pageBytes(readFileSync('/proc/self/auxv'));
    return parseStat(stat.toString('latin1'), this.#pageBytes);
  }
}

/** Reads one line of `/proc/PID/stat`. The command name may hold spaces and brackets: go by the last `)`. */
export function parseStat(stat: string, bytesPerPage: number): ProcessEntry & { readonly terminal: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  /** The field by its number in the manual page. */
  const field = (number: number): string => fields[number - 3] ?? '';
  const state = field(3);
  return {
    pid: Number.parseInt(stat, 10),
    ppid: Number(field(4)),
    pgid: Number(field(5)),
    session: Number(field(6)),
    terminal: Number(field(7)),
    startTime: field(22),
    zombie: state === 'Z' || state === 'X',
    cpuMs: (Number(field(14)) + Number(field(15)) + Number(field(16)) + Number(field(17))) * TICK_MS,
    rssBytes: Math.max(0, Number(field(24))) * bytesPerPage,
    marks: [],
  };
}

/** The kernel's page size, from the auxiliary vector: `AT_PAGESZ` is key 6 (getauxval(3)). */
export function pageBytes(auxv: Buffer): number {
  const little = endianness() === 'LE';
  const wordBytes = ['arm', 'ia32', 'mips', 'mipsel'].includes(process.arch) ? 4 : 8;
  const word = (at: number): number => {
    const low = little ? at : at + wordBytes - 4;
    return little ? auxv.readUInt32LE(low) : auxv.readUInt32BE(low);
  };
  for (let at = 0; at + 2 * wordBytes <= auxv.length; at += 2 * wordBytes) {
    if (word(at) === 6) return word(at + wordBytes);
  }
  return 4096;
}

/** By the name with which it was started (of a script, the script's own name), or by the file that runs. */
function isCalled(name: string, pid: number): boolean {
  const isIt = (found: string) => found === name || found.startsWith(`${name}-`);
  return (
    isIt((readProc(`/proc/${pid}/comm`)?.toString('utf8') ?? '').trimEnd()) ||
    isIt(basename(readLink(`/proc/${pid}/exe`) ?? ''))
  );
}

import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { RunningProgram } from '@pwt/core';
import { MARK_VARIABLE } from '../mark.js';
import type { ProcessEntry, ProcessPlace, ProcessSystem } from './system.js';

const run = promisify(execFile);

/** Numbers and dates in one form whatever the user's locale and time zone. */
const ENV = { LC_ALL: 'C', TZ: 'UTC0' };

/**
 * The process table as `ps` shows it on macOS.
 *
 * Limits: start times have a resolution of one second; sessions are not shown; the environment, and so the
 * mark, is shown only for the user's own programs and not for those that System Integrity Protection covers
 * (`/bin/sh`, `/usr/bin/git`). Ancestry and process groups still cover those.
 */
export class DarwinSystem implements ProcessSystem {
  #bootId: string | undefined;

  bootId(): string {
    this.#bootId ??= execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], {
      encoding: 'utf8',
      env: ENV,
    }).trim();
    return this.#bootId;
  }

  startTime(pid: number): string | undefined {
    try {
      const line = execFileSync('/bin/ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        env: ENV,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return parseState(line);
    } catch (error) {
      // ps exits with 1 when there is no such process.
      if ((error as { status?: unknown }).status === 1) return undefined;
      throw error;
    }
  }

  async table(): Promise<ProcessEntry[]> {
    const options = { env: ENV, maxBuffer: 256 * 1024 * 1024 };
    const columns = 'pid=,ppid=,pgid=,state=,rss=,time=,lstart=';
    const rows = parseTable((await run('/bin/ps', ['-axo', columns], options)).stdout);
    const { stdout } = await run('/bin/ps', ['-axEww', '-o', 'pid=,command='], options);
    const found = parseEnvironments(stdout);
    return rows.map((row) => ({ ...row, marks: found.get(row.pid) ?? [] }));
  }

  /** `ps` shows the environment of other processes to nobody but root. */
  origin(): undefined {
    return undefined;
  }

  async places(): Promise<ProcessPlace[]> {
    return parsePlaces(await lsof(['-w', '-n', '-P', '-d', 'cwd,rtd', '-Fpcn']));
  }

  async programs(name: string): Promise<RunningProgram[]> {
    const rows = await this.#commands();
    const found = rows.filter(({ args: [program = ''] }) => {
      const base = program.slice(program.lastIndexOf('/') + 1);
      return base === name || base.startsWith(`${name}-`);
    });
    return this.#withFolders(found);
  }

  async holders(files: readonly string[]): Promise<RunningProgram[]> {
    const pids = new Set(pidsOf(await lsof(['-Fp', '--', ...files])));
    return this.#withFolders((await this.#commands()).filter(({ pid }) => pids.has(pid)));
  }

  async #commands(): Promise<RunningProgram[]> {
    const options = { env: ENV, maxBuffer: 256 * 1024 * 1024 };
    return parseCommands((await run('/bin/ps', ['-axww', '-o', 'pid=,lstart=,command='], options)).stdout);
  }

  async #withFolders(programs: readonly RunningProgram[]): Promise<RunningProgram[]> {
    if (programs.length === 0) return [];
    const list = programs.map(({ pid }) => pid).join(',');
    const folders = parseFolders(await lsof(['-a', '-d', 'cwd', '-Fpn', '-p', list]));
    return programs.map((program) => ({ ...program, cwd: folders.get(program.pid) }));
  }
}

/** What lsof prints; it ends with 1 where it has found nothing, or not everything. */
async function lsof(args: readonly string[]): Promise<string> {
  try {
    return (await run('/usr/sbin/lsof', [...args], { env: ENV })).stdout;
  } catch (error) {
    const { code, stdout } = error as { code?: unknown; stdout?: string };
    if (code === 1) return stdout ?? '';
    throw error;
  }
}

/** Reads `pid lstart command` rows; `lstart` has five words. Arguments with spaces fall apart. */
export function parseCommands(text: string): RunningProgram[] {
  return text.split('\n').flatMap((line) => {
    const [pid, ...words] = line.trim().split(/\s+/);
    if (pid === undefined || words.length < 6) return [];
    const startedAt = Date.parse(`${words.slice(0, 5).join(' ')} UTC`);
    return [{ pid: Number(pid), startedAt, args: words.slice(5), cwd: undefined, environment: [] }];
  });
}

/** Reads `-Fpn` fields: each process with the one name that follows. */
export function parseFolders(text: string): Map<number, string> {
  const found = new Map<number, string>();
  let pid = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line.startsWith('n')) found.set(pid, line.slice(1));
  }
  return found;
}

function pidsOf(text: string): number[] {
  return text.split('\n').flatMap((line) => (line.startsWith('p') ? [Number(line.slice(1))] : []));
}

/** `S+   Sat Nov  7 12:00:00 2026` → the start time; `undefined` for a zombie or an empty line. */
export function parseState(line: string): string | undefined {
  const [state, ...started] = line.trim().split(/\s+/);
  return state === undefined || state === '' || state.startsWith('Z') ? undefined : started.join(' ');
}

/** Reads `pid ppid pgid state rss time lstart` rows. */
export function parseTable(text: string): ProcessEntry[] {
  const rows: ProcessEntry[] = [];
  for (const line of text.split('\n')) {
    const [pid, ppid, pgid, state = '', rss, time = '', ...started] = line.trim().split(/\s+/);
    if (pid === undefined || pid === '') continue;
    rows.push({
      pid: Number(pid),
      ppid: Number(ppid),
      pgid: Number(pgid),
      session: 0,
      startTime: started.join(' '),
      zombie: state.startsWith('Z'),
      cpuMs: cpuMs(time),
      rssBytes: Number(rss) * 1024,
      marks: [],
    });
  }
  return rows;
}

/** Reads `pid command environment` rows: each pid with its marks. */
export function parseEnvironments(text: string): Map<number, readonly string[]> {
  const found = new Map<number, readonly string[]>();
  const mark = new RegExp(`^\\s*(\\d+) .* ${MARK_VARIABLE}=([\\w.,-]+)(?: |$)`);
  for (const line of text.split('\n')) {
    const [, pid, value] = mark.exec(line) ?? [];
    if (pid !== undefined && value !== undefined) found.set(Number(pid), value.split(','));
  }
  return found;
}

/** Reads the fields of `lsof -F pcn`: a `p` line for each process, its `c`ommand, and an `n`ame for each folder. */
export function parsePlaces(text: string): ProcessPlace[] {
  const places: { pid: number; name: string; folders: string[] }[] = [];
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) places.push({ pid: Number(value), name: '', folders: [] });
    const place = places.at(-1);
    if (place === undefined) continue;
    if (line.startsWith('c')) place.name = value;
    if (line.startsWith('n')) place.folders.push(value);
  }
  return places;
}

/** `[[days-]hours:]minutes:seconds.hundredths` → milliseconds. */
function cpuMs(time: string): number {
  const seconds = time.split(/[-:]/).map(Number).reverse();
  const [second = 0, minute = 0, hour = 0, day = 0] = seconds;
  return Math.round((((day * 24 + hour) * 60 + minute) * 60 + second) * 1000);
}

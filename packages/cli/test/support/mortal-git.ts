import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where in a git command death comes. */
export type Moment =
  /** Before it has done anything. */
  | 'start'
  /** When it has done everything, and before pwt hears of it. */
  | 'end'
  /** When it is about to make this system call for the n-th time: all that it has done by then stays. */
  | { readonly call: string; readonly nth: number };

/** One death: of the n-th command of a kind, alone or together with the pwt that waits for it. */
export interface Death {
  readonly command: string;
  readonly nth: number;
  readonly moment: Moment;
  readonly victims: 'git' | 'git and pwt';
}

/** By what git changes the file system, as strace names it. */
const CHANGES = ['rename', 'link', 'unlink', 'unlinkat', 'rmdir', 'mkdir', 'symlink', 'write'];

/** True if a command can be killed in the middle here: strace is there and may trace. */
export function canKillInTheMiddle(): boolean {
  try {
    execFileSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * A `git` to be put first on the PATH of pwt. It does what git does, notes which commands pwt runs, and dies once,
 * where it is told to. What agents and gates run is left alone.
 */
export class MortalGit {
  readonly folder: string;
  readonly #state: string;

  private constructor(parent: string) {
    this.folder = join(parent, 'bin');
    this.#state = join(parent, 'death');
  }

  static async create(parent: string): Promise<MortalGit> {
    const git = new MortalGit(parent);
    await mkdir(git.folder);
    await mkdir(git.#state);
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    await writeFile(join(git.folder, 'git'), scriptFor(real, git.#state));
    await chmod(join(git.folder, 'git'), 0o755);
    return git;
  }

  async plan({ command, nth, moment, victims }: Death): Promise<void> {
    await rm(join(this.#state, 'died'), { force: true, recursive: true });
    await rm(join(this.#state, 'count'), { force: true });
    const [what, times] = typeof moment === 'string' ? [moment, 0] : [moment.call, moment.nth];
    await writeFile(join(this.#state, 'plan'), [command, nth, what, times, victims, ''].join('\n'));
  }

  /** Has every command watched from now on; see {@link moments}. */
  async watch(): Promise<void> {
    await mkdir(join(this.#state, 'watched'));
  }

  /** For each kind of command that was watched, when its first one can be killed in the middle. */
  async moments(): Promise<ReadonlyMap<string, readonly Moment[]>> {
    const found = new Map<string, readonly Moment[]>();
    for (const kind of new Set(await this.commands())) {
      const trace = await readFile(join(this.#state, 'watched', kind), 'utf8').catch(() => '');
      found.set(kind, momentsOf(trace));
    }
    return found;
  }

  /** The kinds of command that pwt has run, each as often as it was run. */
  async commands(): Promise<string[]> {
    return (await readFile(join(this.#state, 'log'), 'utf8')).trim().split('\n');
  }

  /** True if the planned death has come. */
  get died(): boolean {
    return existsSync(join(this.#state, 'died'));
  }
}

/**
 * One for each call by which one of the traced processes changes a file: what it prints is none. Strace counts the
 * calls of each process by itself.
 */
function momentsOf(trace: string): Moment[] {
  const counts = new Map<string, number>();
  const found = new Map<string, Moment>();
  for (const [, pid = '', call = '', first = ''] of trace.matchAll(/^(\d+) +(\w+)\(([^,)]*)/gm)) {
    const nth = (counts.get(`${pid} ${call}`) ?? 0) + 1;
    counts.set(`${pid} ${call}`, nth);
    const prints = call === 'write' && (first === '1' || first === '2');
    if (!prints) found.set(`${call} ${nth}`, { call, nth });
  }
  return [...found.values()];
}

function scriptFor(git: string, state: string): string {
  return `#!/bin/sh
[ -n "$PWT_WORKTREE" ] && exec '${git}' "$@"
kind=
skip=
for word in "$@"; do
  if [ -n "$skip" ]; then skip=; continue; fi
  case $kind,$word in
    ,-c|,-C) skip=1 ;;
    ,-*) ;;
    ,*) kind=$word ;;
    worktree,*|update-ref,-d) kind="$kind $word"; break ;;
    *) break ;;
  esac
done
echo "$kind" >>'${state}/log'
if [ -d '${state}/watched' ] && mkdir "${state}/watched/.$kind" 2>/dev/null; then
  exec strace -f -qq -o "${state}/watched/$kind" -e trace=${CHANGES.join(',')} '${git}' "$@"
fi
[ -e '${state}/plan' ] || exec '${git}' "$@"
{ read -r command; read -r nth; read -r moment; read -r times; read -r victims; } <'${state}/plan'
[ "$kind" = "$command" ] || exec '${git}' "$@"
echo x >>'${state}/count'
[ "$(wc -l <'${state}/count')" -eq "$nth" ] || exec '${git}' "$@"
case $moment in
  start) ;;
  end) '${git}' "$@" >/dev/null 2>&1 ;;
  *)
    strace -f -qq -o /dev/null -e trace="$moment" -e inject="$moment":signal=KILL:when="$times" '${git}' "$@"
    status=$?
    [ "$status" -eq 137 ] || [ "$victims" = 'git and pwt' -a "$status" -ne 0 ] || exit "$status"
    ;;
esac
mkdir '${state}/died'
[ "$victims" = 'git and pwt' ] && kill -KILL "$PPID"
kill -KILL $$
`;
}

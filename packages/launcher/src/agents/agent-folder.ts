import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** A file or folder outside of the worktree that an agent writes to: its sessions, its logs, its log-in. */
export interface AgentFolder {
  /** Begins with `~/`, or with one of the user's folders by the XDG rules: `$config/`, `$data/`, `$state/`, `$cache/`. */
  readonly path: string;
  /** The environment variable that names another place for it. */
  readonly variable?: string;
  /** It is a file. What is written into it if it is not there. */
  readonly file?: string;
  /**
   * What in it tells the agent what to run or to obey, next time and unconfined: it stays read-only. By name, with the text that is
   * put there if it is not there, or `null` for a folder.
   */
  readonly keeps?: Readonly<Record<string, string | null>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The XDG folders: variable and default, from the XDG Base Directory Specification. */
const XDG: Readonly<Record<string, readonly [variable: string, otherwise: string]>> = {
  $config: ['XDG_CONFIG_HOME', '.config'],
  $data: ['XDG_DATA_HOME', '.local/share'],
  $state: ['XDG_STATE_HOME', '.local/state'],
  $cache: ['XDG_CACHE_HOME', '.cache'],
};

/** The home folder that children of this environment see. */
export function homeOf(env: Environment): string {
  return env.HOME !== undefined && isAbsolute(env.HOME) ? resolve(env.HOME) : homedir();
}

/** Where a folder of an agent or a cache is, by the environment. Absolute. Pure but for the user's home. */
export function placeOf(
  { path, variable }: Pick<AgentFolder, 'path' | 'variable'>,
  env: Environment,
): string {
  const named = variable === undefined ? undefined : env[variable];
  if (named !== undefined && isAbsolute(named)) return resolve(named);
  const home = homeOf(env);
  const [first = '', ...rest] = path.split('/');
  const xdg = XDG[first];
  if (xdg === undefined) return resolve(home, path.replace(/^~\//, ''));
  const [name, otherwise] = xdg;
  const said = env[name];
  return join(said !== undefined && isAbsolute(said) ? resolve(said) : join(home, otherwise), ...rest);
}

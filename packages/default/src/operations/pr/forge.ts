import { tmpdir } from 'node:os';
import { hasCode, PwtError } from '@pwt/core';
import { resolveCommand, runCommand } from '@pwt/process';
import type { Environment } from '../../project/project.js';

/** The user's own programs that open pull requests. */
export type ForgeProgram = 'gh' | 'glab';

export interface ForgeOptions {
  readonly program: ForgeProgram;
  /** Of the remote, without a password. */
  readonly address: string;
  /** The top level of the checkout. Absolute. */
  readonly root: string;
  readonly env: Environment;
  readonly isDraft: boolean;
}

export interface OpenRequest {
  readonly branch: string;
  readonly target: string;
  readonly title: string;
  readonly body: string;
}

/** How long such a program may take. */
const TIMEOUT_MS = 120_000;

/** How a program is called. Values follow their flag behind a `=`, so that none is read as a flag itself. */
interface Calls {
  readonly find: (request: OpenRequest, repo: readonly string[]) => readonly string[];
  readonly create: (
    request: OpenRequest,
    repo: readonly string[],
    isDraft: boolean,
  ) => { readonly args: readonly string[]; readonly stdin?: string };
  /** The repository of an address, as the program takes it. */
  readonly repo: (address: string) => string | undefined;
  readonly urlKey: string;
}

const programs: Readonly<Record<ForgeProgram, Calls>> = {
  gh: {
    find: ({ branch, target }, repo) => [
      ...['pr', 'list', ...repo, `--head=${branch}`, `--base=${target}`],
      ...['--state=open', '--json=url', '--limit=1'],
    ],
    create: ({ branch, target, title, body }, repo, isDraft) => ({
      args: [
        ...['pr', 'create', ...repo, `--head=${branch}`, `--base=${target}`, `--title=${title}`],
        ...['--body-file=-', ...(isDraft ? ['--draft'] : [])],
      ],
      stdin: body,
    }),
    repo: (address) => {
      const { host, path } = partsOf(address) ?? {};
      return host !== undefined && path?.split('/').length === 2 ? `${host}/${path}` : undefined;
    },
    urlKey: 'url',
  },
  glab: {
    find: ({ branch, target }, repo) => [
      ...['mr', 'list', ...repo, `--source-branch=${branch}`, `--target-branch=${target}`],
      ...['--output=json', '--per-page=1'],
    ],
    create: ({ branch, target, title, body }, repo, isDraft) => ({
      args: [
        ...['mr', 'create', ...repo, `--source-branch=${branch}`, `--target-branch=${target}`],
        ...[`--title=${title}`, `--description=${body}`, '--yes', ...(isDraft ? ['--draft'] : [])],
      ],
    }),
    repo: (address) => {
      const { host, path } = partsOf(address) ?? {};
      return host === undefined ? undefined : `https://${host}/${path}`;
    },
    urlKey: 'web_url',
  },
};

/**
 * Opens pull requests with the user's own `gh` or `glab`, and finds those that are open. It is called with an argument vector;
 * titles and bodies are data.
 */
export class Forge {
  readonly #options: ForgeOptions;
  readonly #calls: Calls;
  readonly #repo: readonly string[];

  constructor(options: ForgeOptions) {
    this.#options = options;
    this.#calls = programs[options.program];
    const repo = this.#calls.repo(options.address);
    this.#repo = repo === undefined ? [] : [`--repo=${repo}`];
  }

  /** @throws PwtError `PWT_PULL_REQUEST_FAILED` */
  async open(request: OpenRequest): Promise<{ readonly url: string }> {
    const { find, create, urlKey } = this.#calls;
    const found = urlIn(await this.#run(find(request, this.#repo)), urlKey);
    if (found !== undefined) return { url: found };
    const { args, stdin } = create(request, this.#repo, this.#options.isDraft);
    const said = await this.#run(args, stdin);
    const url = said.match(/https?:\/\/\S+/g)?.at(-1);
    return { url: url ?? said.trim().split('\n').at(-1) ?? '' };
  }

  async #run(args: readonly string[], stdin?: string): Promise<string> {
    const { program, root, env } = this.#options;
    const { exitCode, stdoutTail, stderrTail, timedOut } = await runCommand({
      command: program,
      args,
      // Where the repository is named, the checkout is not needed: its configuration is not read.
      cwd: program === 'gh' && this.#repo.length > 0 ? tmpdir() : root,
      env: {
        ...definedOf(env),
        GH_PROMPT_DISABLED: '1',
        GH_NO_UPDATE_NOTIFIER: '1',
        NO_PROMPT: '1',
        NO_COLOR: '1',
      },
      timeoutMs: TIMEOUT_MS,
      ...(stdin === undefined ? {} : { stdin }),
    });
    if (exitCode === 0) return stdoutTail;
    const said = timedOut
      ? 'it took too long'
      : (stderrTail.trim() || stdoutTail.trim()).split('\n').slice(-3).join(' ');
    throw new PwtError(
      'PWT_PULL_REQUEST_FAILED',
      `${program} ${args.slice(0, 2).join(' ')} has failed: ${said.slice(0, 500)}`,
      {
        hint: `The branch is pushed. When that is put right, pwt pr goes on. Is ${program} logged in? ${program} auth status`,
        data: { program, exitCode },
      },
    );
  }
}

/**
 * Which of the programs to call: the configured one, the one that fits the remote's address, or the one that is there.
 *
 * @throws PwtError `PWT_FORGE_NOT_FOUND`
 */
export async function chooseForge(
  configured: ForgeProgram | undefined,
  { address, root, env }: Pick<ForgeOptions, 'address' | 'root' | 'env'>,
): Promise<ForgeProgram> {
  const host = partsOf(address)?.host ?? '';
  const fitting = /gitlab/i.test(host) ? 'glab' : /github/i.test(host) ? 'gh' : undefined;
  const wanted = configured ?? fitting;
  const all: readonly ForgeProgram[] = wanted === undefined ? ['gh', 'glab'] : [wanted];
  for (const program of all) if (await isThere(program, { cwd: root, env })) return program;
  throw new PwtError(
    'PWT_FORGE_NOT_FOUND',
    `${all.join(' and ')} can't be found on PATH: pull requests are opened with your own.`,
    {
      hint: 'Install it and log in (https://cli.github.com, https://gitlab.com/gitlab-org/cli), or name the other one with --forge.',
      data: { programs: all },
    },
  );
}

async function isThere(program: string, place: Parameters<typeof resolveCommand>[1]): Promise<boolean> {
  try {
    await resolveCommand(program, place);
    return true;
  } catch (error) {
    if (hasCode(error, 'PWT_COMMAND_NOT_FOUND')) return false;
    throw error;
  }
}

/** Host and path of `https://host/a/b.git`, `ssh://git@host:22/a/b` and `git@host:a/b.git`; `undefined` for a folder. */
export function partsOf(address: string): { readonly host: string; readonly path: string } | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(address) ??
    /^(?:[^/@:]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(address);
  if (match === null) return undefined;
  const [, host = '', rest = ''] = match;
  const path = rest
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/^\/+/, '');
  return path === '' ? undefined : { host, path };
}

function urlIn(json: string, key: string): string | undefined {
  try {
    const [first] = JSON.parse(json.trim() || '[]') as Record<string, unknown>[];
    const url = first?.[key];
    return typeof url === 'string' ? url : undefined;
  } catch {
    // Not JSON: an older program that has no such list. One that is open already is refused when it is created again.
    return undefined;
  }
}

function definedOf(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

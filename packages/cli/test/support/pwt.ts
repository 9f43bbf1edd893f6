import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TemporaryRepository } from '@pwt/testkit';
import { build, type Metafile } from 'esbuild';
import { bundling } from '../../bundling.mjs';
import type * as Here from './here.js';

const CLI = fileURLToPath(new URL('../../', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** An agent that does what the `@` lines of its prompt say; see the head of the file. */
export const scriptedAgent: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../../testkit/agent/scripted-agent.mjs', import.meta.url)),
];

/** How a command ended. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bundles of these sources, one for each state of them: where coverage finds them too. */
export const BUNDLES = join(CLI, 'node_modules/.cache/pwt-e2e');

/**
 * Bundles the command line as `bundle.mjs` does, and runs as if it lay in `bundle/`. No build is needed. Test files of the same
 * sources share one bundle: whoever comes first makes it.
 *
 * @returns the program's path
 */
export async function buildPwt(): Promise<string> {
  const folder = join(BUNDLES, sourcesHash());
  const program = join(folder, 'pwt.mjs');
  if (existsSync(program)) return program;
  const draft = `${folder}.${process.pid}`;
  await bundlePwt(draft);
  // Another file may have been faster; its bundle is the same.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  if (!existsSync(program)) throw new Error(`${program} could not be put into its place`);
  return program;
}

/** Bundles as {@link buildPwt} does, always anew, and tells what went where. */
export async function bundlePwt(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    ...bundling,
    entryPoints: {
      pwt: join(CLI, 'src/bin.ts'),
      here: join(CLI, 'test/support/here.ts'),
      'pwt-worker': join(ROOT, 'plugins/bullmq/src/bin.ts'),
    },
    outdir,
    metafile: true,
    // Beside the program, without a word of it: where its coverage is measured, Node would read it into each process.
    sourcemap: 'external',
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: {
      js: [
        "import { createRequire as __createRequire } from 'node:module';",
        'const require = __createRequire(import.meta.url);',
        `const importMetaUrl = ${JSON.stringify(new URL('../../bundle/pwt.mjs', import.meta.url).href)};`,
      ].join(' '),
    },
    logLevel: 'error',
  });
  return metafile;
}

/** Of all that a bundle is made of, and how. */
function sourcesHash(): string {
  const folders = ['packages', 'plugins'].flatMap((group) =>
    readdirSync(join(ROOT, group)).map((name) => join(ROOT, group, name, 'src')),
  );
  const sources = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
  const support = ['here.ts', 'pwt.ts'].map((name) => join(CLI, 'test/support', name));
  const how = [join(CLI, 'bundling.mjs'), join(ROOT, 'pnpm-lock.yaml'), ...support];
  const hash = createHash('sha256');
  for (const path of [...sources.sort(), ...how]) hash.update(`${path}\0`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

/** A repository with specs, and the program to run in it. */
export class Workbench {
  readonly repository: TemporaryRepository;
  readonly #program: string;
  readonly #here: typeof Here | undefined;
  #path: string | undefined;

  private constructor(repository: TemporaryRepository, program: string, here?: typeof Here) {
    this.repository = repository;
    this.#program = program;
    this.#here = here;
  }

  static async create(program: string, files: Readonly<Record<string, string>> = {}): Promise<Workbench> {
    return new Workbench(await TemporaryRepository.create({ 'README.md': 'hello\n', ...files }), program);
  }

  /**
   * Has {@link pwt} run in the test's own process, out of the same bundle: to start one takes longer than what most commands do.
   * For tests that are not about the process, such as its signals or what it leaves when it is killed.
   */
  static async here(program: string, files: Readonly<Record<string, string>> = {}): Promise<Workbench> {
    const here = (await import(join(dirname(program), 'here.mjs'))) as typeof Here;
    const repository = await TemporaryRepository.create({ 'README.md': 'hello\n', ...files });
    return new Workbench(repository, program, here);
  }

  /** What pwt is started with: nothing of the host's, and state of its own. */
  get env(): Record<string, string> {
    return {
      ...this.repository.env,
      HOME: this.repository.parent,
      XDG_STATE_HOME: join(this.repository.parent, 'state'),
      ...(this.#path === undefined ? {} : { PATH: this.#path }),
    };
  }

  /** Has pwt find programs in this folder first. */
  prependPath(folder: string): void {
    this.#path = `${folder}${delimiter}${this.env.PATH ?? ''}`;
  }

  /** Runs pwt to its end in the repository, or elsewhere. */
  async pwt(
    args: readonly string[],
    options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
  ): Promise<Outcome> {
    if (this.#here !== undefined) {
      const { cwd = this.repository.path, env } = options;
      return this.#here.pwtHere(args, { cwd, env: { ...this.env, ...env }, program: this.#program });
    }
    const child = this.start(args, options);
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    }
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, ...output };
  }

  /** Starts pwt and leaves it running. */
  start(
    args: readonly string[],
    options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
  ): ChildProcess {
    return spawn(process.execPath, [this.#program, ...args], {
      cwd: options.cwd ?? this.repository.path,
      env: { ...this.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs tasks with the scripted agent, whatever the machine is doing otherwise. */
  run(args: readonly string[] = [], agent: readonly string[] = scriptedAgent): Promise<Outcome> {
    return this.pwt([...runArguments(args), '--', ...agent]);
  }

  async dispose(): Promise<void> {
    await this.repository.dispose();
  }
}

/** `pwt run` on a machine that may be busy with other tests, with one attempt at each task where nothing else is said. */
export function runArguments(args: readonly string[] = []): string[] {
  const once = args.includes('--retries') ? [] : ['--retries', '0'];
  return [
    'run',
    '--max-cpu-percent',
    '100',
    '--max-memory-percent',
    '100',
    '--min-disk',
    '0',
    ...once,
    ...args,
  ];
}

/** A spec for a file that does not exist yet; further lines say what the agent does. */
export function spec(id: number | string, file: string, ...lines: readonly string[]): Record<string, string> {
  return {
    [`specs/SPEC-${id}-task.md`]: `# SPEC-${id}: Task ${id}\n\n**File**: \`${file}\`\n\n${lines.join('\n')}\n`,
  };
}

/** The objects that a command has printed, one a line. */
export function parseLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

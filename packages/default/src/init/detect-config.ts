import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { areThere, missingFormats } from '../composition/plugins/missing-formats.js';
import { settings } from '../config/settings.js';
import type { WrittenConfig } from '../config/written-config.js';
import type { Project } from '../project/project.js';

/** What was found, and for each key where it comes from. */
export interface DetectedConfig {
  readonly config: WrittenConfig;
  readonly because: Readonly<Partial<Record<keyof WrittenConfig, string>>>;
  /** How many tasks the spec files make, which are read in any case. */
  readonly specs: number;
}

/** The lockfile of each package manager with its command for a clean install. */
const installs: readonly (readonly [lockfile: string, command: string])[] = [
  ['package-lock.json', 'npm ci'],
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile'],
  ['yarn.lock', 'yarn install --immutable'],
  ['bun.lock', 'bun install --frozen-lockfile'],
];

/** The test command of other ecosystems, by the file that shows which one it is. */
const gates: readonly (readonly [file: string, command: string])[] = [
  ['Cargo.toml', 'cargo test'],
  ['go.mod', 'go test ./...'],
  ['pyproject.toml', 'python -m pytest'],
];

const SCHEMA = 'node_modules/@pwt/default/schema/pwt.schema.json';

/** A configuration that fits a project, from what lies in its root and on the PATH. Changes nothing. */
export async function detectConfig({ root, env }: Pick<Project, 'root' | 'env'>): Promise<DetectedConfig> {
  const config: { -readonly [K in keyof WrittenConfig]: WrittenConfig[K] } = {};
  const because: Partial<Record<keyof WrittenConfig, string>> = {};
  if ((await read(root, SCHEMA)) !== undefined) config.$schema = `./${SCHEMA}`;
  const { findAgents } = await import('../doctor/agents.js');
  const [agent] = await findAgents(env, root);
  if (agent) {
    config.agent = agent.name;
    because.agent = `found at ${agent.path}`;
  }
  const install = await firstPresent(root, installs);
  if (install) {
    config.setup = install[1];
    because.setup = `${install[0]} is there`;
  }
  const gate = (await packageTests(root)) ?? (await firstPresent(root, gates));
  if (gate) {
    config.gate = gate[1];
    because.gate = `${gate[0]} is there`;
  }
  const missing = await missingFormats(root, settings.formats.default);
  if (missing) {
    config.formats = missing.formats;
    because.formats = areThere(missing.files);
  }
  config.maxInstances = 2;
  return { config, because, specs: await countSpecs(root) };
}

async function countSpecs(root: string): Promise<number> {
  const { openFormat } = await import('@pwt/sources');
  return (await openFormat('spec-files', { root }).load({})).tasks.length;
}

async function packageTests(root: string): Promise<readonly [string, string] | undefined> {
  const text = await read(root, 'package.json');
  if (text === undefined) return undefined;
  const scripts = parseScripts(text);
  return typeof scripts?.test === 'string' && !scripts.test.includes('no test specified')
    ? ['the test script of package.json', 'npm test']
    : undefined;
}

function parseScripts(text: string): Record<string, unknown> | undefined {
  try {
    return (JSON.parse(text) as { scripts?: Record<string, unknown> }).scripts;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function firstPresent(
  root: string,
  choices: readonly (readonly [string, string])[],
): Promise<readonly [string, string] | undefined> {
  for (const choice of choices) if ((await read(root, choice[0])) !== undefined) return choice;
  return undefined;
}

async function read(root: string, path: string): Promise<string | undefined> {
  try {
    return await readFile(join(root, path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}

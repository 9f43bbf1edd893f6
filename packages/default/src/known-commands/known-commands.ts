import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectCommand } from '@pwt/launcher';
import type { ResolvedConfig } from '../config/resolved-config.js';
import {
  composerScripts,
  denoTasks,
  justRecipes,
  languageCommands,
  makeTargets,
  packageScripts,
  pythonTools,
  type ReadRoot,
} from './scripts.js';

const MAX_BYTES = 256 * 1024;
const MAX_SCRIPTS = 40;

/** What is worth knowing first. */
const FIRST = /test|check|lint|types?\b|build|format|fmt|ruff|clippy|vet\b|mypy/;

/**
 * The commands that a project uses, for an agent to know: the gate and the set-up of its configuration, then what the files in its
 * root name. Nothing of it is executed.
 */
export async function knownCommands(
  root: string,
  { gate, setup }: Pick<ResolvedConfig, 'gate' | 'setup'>,
): Promise<readonly ProjectCommand[]> {
  const read: ReadRoot = (name) => readStart(join(root, name));
  const sources = [
    packageScripts,
    denoTasks,
    makeTargets,
    justRecipes,
    pythonTools,
    languageCommands,
    composerScripts,
  ];
  const scripts = (await Promise.all(sources.map((source) => source(read)))).flat();
  const configured: ProjectCommand[] = [
    ...(setup === undefined ? [] : [{ kind: 'setup', command: setup } as const]),
    ...gateCommands(gate).map((command) => ({ kind: 'gate', command }) as const),
  ];
  const said = new Set(configured.map(({ command }) => command));
  const others = scripts.filter((command) => !said.has(command));
  const [first, rest] = [others.filter((one) => FIRST.test(one)), others.filter((one) => !FIRST.test(one))];
  const bounded = [...first, ...rest].slice(0, MAX_SCRIPTS);
  return [...configured, ...bounded.map((command) => ({ kind: 'script', command }) as const)];
}

function gateCommands(gate: ResolvedConfig['gate']): readonly string[] {
  if (gate === undefined) return [];
  return typeof gate === 'string' ? [gate] : Object.values(gate);
}

/** The beginning of a file; `undefined` for what is none or can't be read: then nothing is known of it. */
async function readStart(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

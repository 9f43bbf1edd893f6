import { bundledCommands } from '../bundled-plugins.js';
import { type CommandEntry, type Completes, commands } from '../commands.js';
import { helpTopics } from '../help/topics.js';
import { planFormatNames } from '../options/plan-format.js';
import { argumentOf, flagNamed, flagSuggestions, flagsOf, type KnownFlag, namesOf } from './flags.js';
import { shells } from './shells.js';
import type { Completion, Suggestion } from './suggestion.js';

/** What completion asks the repository for. */
export interface Known {
  tasks(): Promise<readonly Suggestion[]>;
  runTasks(runId: string | undefined): Promise<readonly Suggestion[]>;
  runs(): Promise<readonly Suggestion[]>;
  presets(): Promise<readonly Suggestion[]>;
  formats(): Promise<readonly Suggestion[]>;
  /** The names of the plugins that the configuration has. */
  plugins(): Promise<readonly string[]>;
}

/** A command line up to the cursor, without `pwt` itself. The last word is the one to complete, and may be empty. */
export interface CommandLine {
  readonly entry: CommandEntry | undefined;
  readonly before: readonly string[];
  readonly word: string;
}

/** Takes the words of a command line apart. Pure. */
export function readLine(words: readonly string[]): CommandLine {
  const before = words.slice(0, -1);
  const [name] = before;
  return { entry: commands.find((one) => one.name === name), before, word: words.at(-1) ?? '' };
}

/**
 * What the last word of a command line can become, whether it begins so or not.
 *
 * @param open asks the repository; called only for what is in it
 */
export async function complete(
  { entry, before, word }: CommandLine,
  open: () => Promise<Known>,
): Promise<Completion> {
  if (before.length === 0) {
    const own = commands.map(({ name, description }) => ({ value: name, about: description }));
    return [...own, ...(await pluginCommands(word, open))];
  }
  if (entry === undefined) return [];
  if (before.includes('--')) return entry.agentCommand ? 'files' : [];
  const flags = flagsOf(entry);
  const isJoined = /^--[a-z-]+=/.test(word);
  const flag = flagNamed(flags, isJoined ? word.slice(0, word.indexOf('=')) : (before.at(-1) ?? ''));
  if (flag !== undefined && argumentOf(flag) !== undefined && (isJoined || !word.startsWith('--'))) {
    const values = await valuesOf(flag, open, runOf(before));
    if (!isJoined || typeof values === 'string') return values;
    const start = word.slice(0, word.indexOf('=') + 1);
    return values.map(({ value, ...rest }) => ({ value: `${start}${value}`, ...rest }));
  }
  if (word.startsWith('-')) return flagSuggestions(flags);
  return entry.completes === undefined ? [] : argumentsOf(entry.completes, open, runOf(before));
}

/** Those of bundled plugins that the configuration names: it is read only where the word may become one. */
async function pluginCommands(word: string, open: () => Promise<Known>): Promise<readonly Suggestion[]> {
  const possible = bundledCommands.filter(({ name }) => word !== '' && name.startsWith(word));
  if (possible.length === 0) return [];
  const plugins = await (await open()).plugins().catch((): readonly string[] => []);
  return possible
    .filter(({ plugin }) => plugins.includes(plugin))
    .map(({ name, about }) => ({ value: name, about }));
}

/** The run that the line names. */
function runOf(before: readonly string[]): string | undefined {
  const at = before.indexOf('--run');
  return at < 0 ? undefined : before[at + 1];
}

async function argumentsOf(
  what: Completes,
  open: () => Promise<Known>,
  runId: string | undefined,
): Promise<Completion> {
  switch (what) {
    case 'tasks':
      return (await open()).tasks();
    case 'run-tasks':
      return (await open()).runTasks(runId);
    case 'runs':
      return (await open()).runs();
    case 'shells':
      return shells.map((value) => ({ value }));
    case 'topics':
      return [
        ...commands.map(({ name, description }) => ({ value: name, about: description })),
        ...helpTopics.map(({ name, about }) => ({ value: name, about })),
      ];
    case 'directories':
      return 'directories';
  }
}

const listed: Readonly<Record<string, readonly string[]>> = {
  '--fail-on <severity>': ['error', 'warning', 'info'],
  '--format <format>': planFormatNames,
  '--prompt <how>': ['stdin', 'file', 'argv'],
};

async function valuesOf(
  flag: KnownFlag,
  open: () => Promise<Known>,
  runId: string | undefined,
): Promise<Completion> {
  const words = flag.choices ?? listed[flag.spelling];
  if (words !== undefined) return words.map((value) => ({ value }));
  switch (argumentOf(flag)) {
    case 'run-id':
      return (await open()).runs();
    case 'ids':
      return (await open()).runTasks(runId);
    case 'directory':
      return 'directories';
    case 'file':
    case 'path':
      return 'files';
    case 'preset':
      return (await open()).presets();
    default:
      return namesOf(flag).includes('--task-format') ? (await open()).formats() : [];
  }
}

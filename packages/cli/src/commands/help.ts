import type { CommandContext, RunCommand } from '../command-context.js';
import type { CommandEntry } from '../commands.js';
import { createProgram } from '../create-program.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { enumerate } from '../format/lists.js';
import { alignColumns, oneLine } from '../format/text.js';
import { readDocsPage } from '../help/docs-page.js';
import { markdownLines } from '../help/markdown-lines.js';
import { type HelpTopic, helpTopics } from '../help/topics.js';
import { type Io, printJson, printLine } from '../io.js';
import { usageError } from '../options/usage.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { readVersion } from '../version.js';
import { type Page, wrapped } from '../view/page.js';

const ERRORS = 'errors.md';

type Commands = readonly CommandEntry[];

/** `pwt help`: what a command of these does, or what a topic or an error is about. */
export function helpOn(commands: Commands): RunCommand {
  return async (context) => {
    const { io, args, json } = context;
    const [name, ...words] = args;
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...helpJson(commands) });
    else if (name === undefined) {
      printOverview(io, commands);
      await printPluginCommands(context);
    } else if (!printCommand(io, commands, name)) {
      if (!isTopic(name) && (await printPluginCommand(context, name))) return exitCodes.ok;
      if (!isTopic(name))
        throw await unknownTopic(
          name,
          [...commands, ...helpTopics].map((one) => one.name),
        );
      for (const line of await topicLines(name, words, pageOf(io))) printLine(io, line);
    }
    return exitCodes.ok;
  };
}

function helpJson(commands: Commands): object {
  return {
    commands: commands.map(({ name, args, description, group }) => ({ name, args, description, group })),
    topics: helpTopics,
  };
}

function printOverview(io: Io, commands: Commands): void {
  createProgram({ io, version: readVersion(), commands }, () => undefined).outputHelp();
  printLine(io);
  printLine(io, 'Topics:');
  for (const line of alignColumns(helpTopics.map(({ name, about }) => [`  ${name}`, about])))
    printLine(io, line);
}

/** The same as `pwt <command> --help`. @returns false if there is no such command */
function printCommand(io: Io, commands: Commands, name: string): boolean {
  const program = createProgram({ io, version: readVersion(), commands }, () => undefined);
  const command = program.commands.find((one) => one.name() === name);
  command?.outputHelp();
  return command !== undefined;
}

/** What the plugins of the project add; nothing where there are none. */
async function printPluginCommands({ io, cwd, flags }: CommandContext): Promise<void> {
  const { withPluginCommands } = await import('../plugin-command.js');
  await withPluginCommands(io, { cwd, config: textOf(flags.config) }, async ({ commands }) => {
    if (commands.length === 0) return;
    printLine(io);
    printLine(io, "Commands of this project's plugins:");
    const rows = commands.map(({ name, summary, plugin }) => [
      `  ${name}`,
      `${oneLine(summary)} (${plugin})`,
    ]);
    for (const line of alignColumns(rows)) printLine(io, line);
  });
}

/** The plugin's own words on its command. @returns false if no plugin of the project has it */
async function printPluginCommand({ io, cwd, flags }: CommandContext, name: string): Promise<boolean> {
  const { outputOf, withPluginCommands } = await import('../plugin-command.js');
  const printed = await withPluginCommands(
    io,
    { cwd, config: textOf(flags.config) },
    async ({ commands }) => {
      const found = commands.find((one) => one.name === name);
      await found?.run({ argv: ['--help'], ...outputOf(io) });
      return found !== undefined;
    },
  );
  return printed === true;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

const isCode = (name: string) => /^pwt_/i.test(name);
const topicOf = (name: string) => helpTopics.find((one) => one.name === name.toLowerCase());
const isTopic = (name: string) => isCode(name) || topicOf(name) !== undefined;

async function topicLines(name: string, words: readonly string[], page: Page): Promise<string[]> {
  const topic = topicOf(name);
  if (topic === undefined) return errorLines(name.toUpperCase(), page);
  const { beginning, sections } = readDocsPage(topic.page);
  const isBare = words.length === 0 && beginning.every((line) => line.trim() === '');
  const [first] = sections.keys();
  const heading = topic.section ?? (isBare ? first : headingLike(words.join(' '), [...sections.keys()]));
  const lines = heading === undefined ? beginning : (sections.get(heading) ?? []);
  return [
    ...(heading === undefined ? [] : [page.colours.bold(heading), '']),
    ...markdownLines(lines, page),
    '',
    ...moreLines(topic, words.length === 0 ? [...sections.keys()] : [], page),
  ];
}

function moreLines({ page: file }: HelpTopic, headings: readonly string[], page: Page): string[] {
  const more =
    headings.length === 0 || file === 'cli.md'
      ? []
      : wrapped(`More, by name behind the topic: ${headings.join(' · ')}`, page);
  return [...more, page.colours.dim(`From docs/${file}.`)];
}

async function errorLines(code: string, page: Page): Promise<string[]> {
  const { sections } = readDocsPage(ERRORS);
  const lines = sections.get(code);
  if (lines === undefined) throw await unknownTopic(code, [...sections.keys()]);
  return [
    page.colours.bold(code),
    '',
    ...markdownLines(lines, page),
    '',
    page.colours.dim(`From docs/${ERRORS}.`),
  ];
}

/** The heading that begins with, or has, these words. */
function headingLike(words: string, headings: readonly string[]): string | undefined {
  if (words === '') return undefined;
  const sought = words.toLowerCase();
  const found =
    headings.find((heading) => heading.toLowerCase().startsWith(sought)) ??
    headings.find((heading) => heading.toLowerCase().includes(sought));
  if (found === undefined)
    throw usageError(`There is no section ${words}. There are: ${enumerate(headings)}.`);
  return found;
}

async function unknownTopic(name: string, among: readonly string[]): Promise<Error> {
  // Much is behind it that help has no need for.
  const { nearest } = await import('@pwt/default');
  const near = nearest([name], among);
  const like = near.length === 0 ? '' : ` Did you mean ${enumerate(near)}?`;
  return usageError(`There is no command and no topic ${name}.${like}`, 'All of them: pwt help');
}

function pageOf(io: Io): Page {
  const isTerminal = io.stdout.isTTY === true;
  const { columns = 100 } = io.stdout;
  return { colours: colours(io.env, isTerminal), columns: Math.min(columns, 100) };
}

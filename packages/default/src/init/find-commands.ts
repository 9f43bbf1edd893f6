import { join } from 'node:path';
import { languages, type TestCommand, type Tool } from './languages.js';
import { readTextIfAny } from './read-text.js';

/** A command, and the files that show that it fits. */
export interface FoundCommand {
  readonly command: string;
  readonly files: readonly string[];
}

/** The commands of a project, by the files in its root; nothing is run. */
export interface FoundCommands {
  /** Installs the dependencies: one command after the other for each language. */
  readonly setup?: FoundCommand;
  /** Runs the tests of the first language that has some. */
  readonly test?: FoundCommand;
}

type Read = (file: string) => Promise<string | undefined>;

export async function findCommands(root: string): Promise<FoundCommands> {
  const texts = new Map<string, Promise<string | undefined>>();
  const read: Read = (file) => {
    const known = texts.get(file) ?? readTextIfAny(join(root, file));
    texts.set(file, known);
    return known;
  };
  const setups: FoundCommand[] = [];
  let test: FoundCommand | undefined;
  for (const tools of Object.values(languages)) {
    const tool = await toolInUse(tools, read);
    if (tool?.setup !== undefined && tool.lock !== undefined)
      setups.push({ command: tool.setup, files: [tool.lock] });
    test ??= tool && (await testOf(tool.tests, read));
  }
  return {
    ...(setups.length > 0 && {
      setup: {
        command: setups.map(({ command }) => command).join(' && '),
        files: setups.flatMap(({ files }) => files),
      },
    }),
    ...(test && { test }),
  };
}

/** The tool whose lockfile is there; one without a lockfile if there is none. */
async function toolInUse(tools: readonly Tool[], read: Read): Promise<Tool | undefined> {
  for (const tool of tools) {
    if (tool.lock === undefined) return tool;
    const text = await read(tool.lock);
    if (text !== undefined && (tool.contains?.test(text) ?? true)) return tool;
  }
  return undefined;
}

async function testOf(tests: readonly TestCommand[], read: Read): Promise<FoundCommand | undefined> {
  for (const [file, command, contains] of tests) {
    const text = await read(file);
    if (text !== undefined && (contains?.test(text) ?? true)) return { command, files: [file] };
  }
  return undefined;
}

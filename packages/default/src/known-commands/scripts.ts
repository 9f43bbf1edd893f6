/** The text of a file of the project's root; `undefined` if there is none. */
export type ReadRoot = (name: string) => Promise<string | undefined>;

/** What a name may be made of: it becomes a part of a command that an agent reads. */
const NAME = /^[A-Za-z0-9][\w:.@/-]{0,59}$/;

/** Scripts of `package.json`, by the package manager whose lockfile is there. */
export async function packageScripts(read: ReadRoot): Promise<readonly string[]> {
  const scripts = tableIn(await read('package.json'), 'scripts');
  if (scripts === undefined) return [];
  const managers = [
    ['pnpm-lock.yaml', 'pnpm run'],
    ['yarn.lock', 'yarn run'],
    ['bun.lock', 'bun run'],
    ['bun.lockb', 'bun run'],
  ] as const;
  const run = (await firstThere(read, managers)) ?? 'npm run';
  // What runs around an install or another script is for no one to call.
  const own = Object.entries(scripts).filter(
    ([name, text]) => !/^(?:pre|post)(?!view)/.test(name) && isReal(text),
  );
  return own.flatMap(([name]) => (NAME.test(name) ? [`${run} ${name}`] : []));
}

function isReal(text: unknown): boolean {
  return typeof text === 'string' && !text.includes('no test specified');
}

export async function denoTasks(read: ReadRoot): Promise<readonly string[]> {
  const tasks = tableIn((await read('deno.json')) ?? (await read('deno.jsonc')), 'tasks');
  return Object.keys(tasks ?? {}).flatMap((name) => (NAME.test(name) ? [`deno task ${name}`] : []));
}

export async function composerScripts(read: ReadRoot): Promise<readonly string[]> {
  const scripts = tableIn(await read('composer.json'), 'scripts');
  return Object.keys(scripts ?? {}).flatMap((name) =>
    NAME.test(name) && !/^(?:pre|post)-/.test(name) ? [`composer run ${name}`] : [],
  );
}

/** Targets of a Makefile that somebody means to call: no files, patterns or variables. */
export async function makeTargets(read: ReadRoot): Promise<readonly string[]> {
  const text = (await read('GNUmakefile')) ?? (await read('makefile')) ?? (await read('Makefile')) ?? '';
  const targets = [...text.matchAll(/^([A-Za-z][\w-]*)[ \t]*:(?![=:])/gm)].map(([, name = '']) => name);
  return [...new Set(targets)].map((name) => `make ${name}`);
}

/** Recipes of a justfile that need no arguments. */
export async function justRecipes(read: ReadRoot): Promise<readonly string[]> {
  const text = (await read('justfile')) ?? (await read('Justfile')) ?? (await read('.justfile')) ?? '';
  const recipes = [...text.matchAll(/^@?([A-Za-z][\w-]*)[ \t]*:(?!=)/gm)].map(([, name = '']) => name);
  return [...new Set(recipes)].map((name) => `just ${name}`);
}

/** What `pyproject.toml` configures, run as its lockfile says. */
export async function pythonTools(read: ReadRoot): Promise<readonly string[]> {
  const text = await read('pyproject.toml');
  if (text === undefined) return [];
  const managers = [
    ['uv.lock', 'uv run '],
    ['poetry.lock', 'poetry run '],
    ['pdm.lock', 'pdm run '],
  ] as const;
  const run = (await firstThere(read, managers)) ?? '';
  const has = (table: string) => new RegExp(String.raw`^\[tool\.${table}[.\]]`, 'm').test(text);
  const tools = [
    ['pytest', 'pytest'],
    ['ruff', 'ruff check'],
    ['mypy', 'mypy .'],
    ['black', 'black .'],
  ] as const;
  return tools.flatMap(([table, command]) => (has(table) ? [`${run}${command}`] : []));
}

/** What every project of a language is built and tested with. */
export async function languageCommands(read: ReadRoot): Promise<readonly string[]> {
  const known = [
    ['Cargo.toml', ['cargo test', 'cargo build', 'cargo clippy']],
    ['go.mod', ['go test ./...', 'go build ./...', 'go vet ./...']],
    ['mix.exs', ['mix test', 'mix compile']],
    ['gradlew', ['./gradlew test', './gradlew build']],
    ['mvnw', ['./mvnw test', './mvnw package']],
  ] as const;
  const found: string[] = [];
  for (const [file, commands] of known) if ((await read(file)) !== undefined) found.push(...commands);
  return found;
}

async function firstThere(
  read: ReadRoot,
  choices: readonly (readonly [file: string, value: string])[],
): Promise<string | undefined> {
  for (const [file, value] of choices) if ((await read(file)) !== undefined) return value;
  return undefined;
}

/** A table of a JSON file; a file that can't be read as one names nothing. */
function tableIn(text: string | undefined, key: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const table = (JSON.parse(text ?? 'null') as Record<string, unknown> | null)?.[key];
    return typeof table === 'object' && table !== null ? (table as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The flags that every command takes, and whether they take a value. */
const COMMON: ReadonlyMap<string, boolean> = new Map([
  ['-C', true],
  ['--cwd', true],
  ['--config', true],
  ['--json', false],
]);

/** Lets flags that every command takes stand before the command, as with git: `pwt -C ../other status`. */
export function behindCommand(argv: readonly string[]): readonly string[] {
  const end = commandAt(argv);
  const [command, ...rest] = argv.slice(end);
  return command === undefined || end === 0 ? argv : [command, ...argv.slice(0, end), ...rest];
}

/** A command line whose command is none of these; what is behind the command is its own. */
export interface OtherCommand {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd?: string | undefined;
  readonly config?: string | undefined;
}

/** @returns `undefined` for a command line with one of these commands, or with none. Pure. */
export function otherCommand(argv: readonly string[], known: readonly string[]): OtherCommand | undefined {
  const end = commandAt(argv);
  const [name, ...rest] = argv.slice(end);
  if (name === undefined || !/^[a-z][a-z0-9-]*$/.test(name) || known.includes(name)) return undefined;
  const before = argv.slice(0, end);
  const wordAfter = (...flags: readonly string[]) => {
    const at = before.findLastIndex((word) => flags.includes(word));
    return at < 0 ? undefined : before[at + 1];
  };
  return { name, argv: rest, cwd: wordAfter('-C', '--cwd'), config: wordAfter('--config') };
}

function commandAt(argv: readonly string[]): number {
  let end = 0;
  for (
    let takesValue = COMMON.get(argv[end] ?? '');
    takesValue !== undefined;
    takesValue = COMMON.get(argv[end] ?? '')
  )
    end += takesValue ? 2 : 1;
  return end;
}

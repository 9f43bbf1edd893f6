/** The flags that every command takes, and whether they take a value. */
const COMMON: ReadonlyMap<string, boolean> = new Map([
  ['-C', true],
  ['--cwd', true],
  ['--config', true],
  ['--json', false],
]);

/** Lets flags that every command takes stand before the command, as with git: `pwt -C ../other status`. */
export function behindCommand(argv: readonly string[]): readonly string[] {
  let end = 0;
  for (
    let takesValue = COMMON.get(argv[end] ?? '');
    takesValue !== undefined;
    takesValue = COMMON.get(argv[end] ?? '')
  )
    end += takesValue ? 2 : 1;
  const [command, ...rest] = argv.slice(end);
  return command === undefined || end === 0 ? argv : [command, ...argv.slice(0, end), ...rest];
}

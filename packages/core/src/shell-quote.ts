/** What a POSIX shell takes as it stands, anywhere in a command, whatever its locale. */
const PLAIN = /^[A-Za-z0-9_@%+:,./][A-Za-z0-9_@%+=:,./-]*$/;

/**
 * The text as one word of a POSIX shell, for commands that the user is told to run: as it is where no character has
 * a meaning to the shell, in single quotes otherwise. A word with a leading dash is quoted for the reader's sake;
 * a program still takes it for a flag, so put `--` or `./` before it where it accepts that.
 */
export function shellQuote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

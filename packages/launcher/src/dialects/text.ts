const MAX_LENGTH = 200;

/** A text as one line of at most 200 characters: the first line that says anything, without escape codes. */
export function oneLine(text: string): string {
  const clean = text.slice(0, 4096).replace(ESCAPE_SEQUENCES, '').replace(CONTROL_CHARACTERS, ' ');
  const line = clean.split(/\r?\n|\r/).find((one) => one.trim() !== '') ?? '';
  const short = line.trim().replace(/\s+/g, ' ');
  if (short.length <= MAX_LENGTH) return short;
  // Not through the middle of a surrogate pair.
  return `${short.slice(0, MAX_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A text without the codes that steer a terminal. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPE_SEQUENCES, '');
}

/** CSI (colours, cursor) and OSC (titles, links) sequences. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are control characters
const ESCAPE_SEQUENCES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal must not be steered by an agent's output
const CONTROL_CHARACTERS = /[\u0000-\u0009\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

import { randomBytes } from 'node:crypto';

const ESC = '\u001b';

/**
 * Stands for the escape character in pwt's own colours until a text leaves the program. Random, so that no title, path
 * or log can hold it.
 */
export const COLOUR_MARK: string = `\ue000${randomBytes(8).toString('hex')}\ue001`;

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this is about
/**
 * Escape sequences (ECMA-48): CSI, then the strings (OSC, DCS, SOS, PM, APC) with their end on the same line, then
 * two-byte ones. A string without an end loses its beginning only, so that it hides nothing.
 */
const SEQUENCES =
  /(?:\u001b\[|\u009b)[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]|(?:\u001b[\]P_^X]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)|\u001b[\u0020-\u002f]*[\u0030-\u007e]/g;
/** C0 without tab and newline, DEL, C1, line and paragraph separators, and what turns the direction of text around. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
/** What JSON.stringify leaves as it is, and a terminal would interpret. */
const UNESCAPED = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: as above

/**
 * Text as it may go to a terminal: escape sequences are gone, a carriage return begins a new line, any other control
 * character is a `�`; tab and newline stay, and so do pwt's own colours.
 */
export function printable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(SEQUENCES, '')
    .replace(CONTROLS, '\ufffd')
    .replaceAll(COLOUR_MARK, ESC);
}

/** The same JSON, with escapes for every character that a terminal would interpret. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    UNESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

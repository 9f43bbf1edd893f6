import { isPwtError, type PwtError } from '@pwt/core';
import { colours } from './format/colours.js';
import { printableJson } from './format/printable.js';
import type { Io } from './io.js';
import { placeJson } from './json/place-json.js';
import { wordWrapped } from './view/page.js';

/** The version of everything that `--json` prints. */
export const SCHEMA_VERSION = 1;

/** Says on standard error what went wrong, where, and what to do next. */
export function reportError(io: Io, error: unknown, json: boolean): void {
  const known = isPwtError(error) ? error : undefined;
  io.stderr.write(`${json ? errorJson(error, known) : errorText(io, error, known)}\n`);
}

function errorJson(error: unknown, known: PwtError | undefined): string {
  const { place, ...facts } = known?.toJSON() ?? { code: 'PWT_INTERNAL', message: String(error) };
  const shown = place === undefined ? facts : { ...facts, place: placeJson(place) };
  return printableJson({ schemaVersion: SCHEMA_VERSION, type: 'error', error: shown });
}

function errorText(io: Io, error: unknown, known: PwtError | undefined): string {
  const { red, dim } = colours(io.env, io.stderr.isTTY === true);
  if (!known) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${red('PWT_INTERNAL')}: this is a mistake in pwt. Nothing of yours is lost; see \`pwt status\`.\n${stack}`;
  }
  const { place, hint } = known;
  const where =
    place && [place.path, place.line, place.column].filter((part) => part !== undefined).join(':');
  const columns = io.stderr.isTTY === true ? io.stderr.columns : undefined;
  const said = (text: string): string[] => text.split('\n').flatMap((line) => wordWrapped(line, columns));
  return [
    `${red(known.code)}${said(`${known.code}: ${known.message}`).join('\n').slice(known.code.length)}`,
    ...(where ? [dim(`  at ${where}`)] : []),
    ...(hint ? said(`  ${hint}`) : []),
  ].join('\n');
}

import type { SpecFile } from '@pwt/core';
import { sha256 } from '../sha256.js';

/** A heading, or `undefined` for text right below the title; and what is there. */
export type Section = readonly [heading: string | undefined, text: string | undefined];

/** The text of a task that is a record of a list: its title, and a section for each of its texts. */
export function recordSpec(
  { path, line }: { readonly path: string; readonly line: number },
  title: string,
  sections: readonly Section[],
): SpecFile {
  const parts = sections.flatMap(([heading, text]) =>
    text === undefined ? [] : [heading === undefined ? text : `## ${heading}\n\n${text}`],
  );
  const text = `${[`# ${title}`, ...parts].join('\n\n')}\n`;
  return { path, text, firstLine: line, oneLine: true, hash: sha256(text) };
}

import { existsSync, readFileSync } from 'node:fs';
import { packageRoot } from '../package-root.js';

/** A page of the documentation in its parts. */
export interface DocsPage {
  /** The lines below the title, before the first section. */
  readonly beginning: readonly string[];
  /** The lines of each section of the second level, by heading. */
  readonly sections: ReadonlyMap<string, readonly string[]>;
}

/** Where the documentation is: in the built package beside the program, in a checkout at its root. */
const folders = ['bundle/docs/', '../../docs/'].map((path) => new URL(path, packageRoot));

/** Reads a page of the documentation by its file name. */
export function readDocsPage(name: string): DocsPage {
  const file = folders.map((folder) => new URL(name, folder)).find((url) => existsSync(url));
  if (file === undefined) throw new Error(`The documentation page ${name} is missing in this installation.`);
  return parsePage(readFileSync(file, 'utf8'));
}

/** Takes Markdown apart at its headings; what looks like one in a code block is none. Pure. */
function parsePage(text: string): DocsPage {
  const beginning: string[] = [];
  const sections = new Map<string, string[]>();
  let lines = beginning;
  let isCode = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const heading = isCode ? undefined : /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined) {
      lines = [];
      sections.set(heading, lines);
    } else if (isCode || !line.startsWith('# ')) lines.push(line);
  }
  return { beginning, sections };
}

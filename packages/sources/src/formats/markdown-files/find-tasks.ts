import { findStatus } from '@pwt/separator';
import { below, type Checkout } from '../../checkout.js';
import { readFrontMatter } from '../../reading/front-matter.js';

const NAMES = ['todo', 'todos', 'tasks', 'tickets', 'issues', 'backlog'];
/** Folders whose name tells that each file in them is a task. */
const folders: readonly string[] = [...NAMES, ...NAMES.map((name) => `docs/${name}`)];
const MARKDOWN = /\.(?:md|markdown)$/i;
const ASIDE =
  /^(?:[._]|(?:readme|index|contributing|agents|claude|changelog|overview|roadmap|status|todo|backlog|board|tasks|prompt|summary|dashboard)\.|template|example)|(?:[-_. ](?:template|example)|\.(?:bak|backup|old|orig))\.(?:md|markdown)$/i;

/** True for the name of a Markdown file that may be a task: not a README, an index or a template. */
export function isTaskFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return MARKDOWN.test(name) && !ASIDE.test(name) && !/(?:^|\/)(?:_?templates?|examples?)\//i.test(path);
}

/** Files by which other tools keep tasks in a folder of such a name. */
const OTHERS = /^(?:tasks\.json|config\.ya?ml|backlog\.config\.ya?ml|\.beads)$|^(?:tasks-|prd-)/i;

/** The folders that certainly hold a task in each file: by their name, and by what several of their files look like. */
export async function taskFolders(checkout: Checkout): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) if (await isTaskFolder(folder, checkout)) found.push(folder);
  return found;
}

async function isTaskFolder(folder: string, checkout: Checkout): Promise<boolean> {
  const entries = await checkout.entries(folder);
  if (entries.some(({ name }) => OTHERS.test(name))) return false;
  const files = entries.filter(({ kind }) => kind === 'file').map(({ name }) => below(folder, name));
  for (const { name, kind } of entries) {
    if (kind !== 'folder') continue;
    if (await checkout.has(`${folder}/${name}/PROMPT.md`)) return false;
    const inside = await checkout.entries(below(folder, name));
    files.push(
      ...inside.filter(({ kind }) => kind === 'file').map((file) => `${folder}/${name}/${file.name}`),
    );
  }
  let alike = 0;
  for (const path of files.filter(isTaskFile)) {
    if (looksLikeTask(path, (await checkout.read(path)) ?? '')) alike += 1;
    if (alike === 2) return true;
  }
  return false;
}

const NUMBERED = /^(?:[A-Za-z]{1,10}[-_])?\d{1,6}(?=[-_. ]|$)/;
const ASKS =
  /^#{1,4}\s+(?:acceptance criteria|tasks?|goal|objective|description|requirements|steps|definition of done)\b|^\s*[-*] \[[ xX]\]/im;

/** A file with a status or a number, and with something that asks for work. */
function looksLikeTask(path: string, text: string): boolean {
  const fields = readFrontMatter(text) ?? {};
  if ('status' in fields && ('title' in fields || 'id' in fields || 'priority' in fields)) return true;
  const isNumbered = NUMBERED.test(path.slice(path.lastIndexOf('/') + 1));
  const hasStatus = 'status' in fields || findStatus(text)?.place !== undefined;
  return [isNumbered, hasStatus, ASKS.test(text)].filter((sign) => sign).length >= 2;
}

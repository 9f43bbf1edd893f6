import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginReference } from '../config/setting.js';

/** Tasks in a format that a plugin reads. */
export interface DetectedSource {
  readonly plugin: PluginReference;
  /** A file that shows it, relative to the root. */
  readonly file: string;
}

type Detector = (root: string) => Promise<DetectedSource | undefined>;

const detectors: readonly Detector[] = [detectSpecKit, detectPromptFolders];

/** Which formats of tasks, beside spec files, lie in a checkout. Looks at no more than three levels of folders. */
export async function detectSources(root: string): Promise<readonly DetectedSource[]> {
  const found = await Promise.all(detectors.map((detect) => detect(root)));
  return found.filter((source) => source !== undefined);
}

const SPEC_KIT_TASK = /^[-*] \[[ xX]\] (?:\*\*)?T\d/m;

/** `specs/<feature>/tasks.md` with the ids of spec-kit in it; other task lists are called so, too. */
async function detectSpecKit(root: string): Promise<DetectedSource | undefined> {
  for (const parent of ['specs', '.specify/specs']) {
    for (const feature of await foldersIn(root, parent)) {
      const file = `${parent}/${feature}/tasks.md`;
      const text = await readFile(join(root, file), 'utf8').catch(() => '');
      if (SPEC_KIT_TASK.test(text)) return { plugin: '@pwt/plugin-spec-kit', file };
    }
  }
  return undefined;
}

/** `<folder>/<task>/PROMPT.md`. The folders become options, so that the plugin need not look into all others. */
async function detectPromptFolders(root: string): Promise<DetectedSource | undefined> {
  const parents = (await foldersIn(root, '.')).filter((name) => !['.git', 'node_modules'].includes(name));
  const files = await Promise.all(parents.map((parent) => promptIn(root, parent)));
  const folders = parents.filter((_, at) => files[at] !== undefined);
  const file = files.find((one) => one !== undefined);
  return file === undefined ? undefined : { plugin: ['@pwt/plugin-prompt-folders', { folders }], file };
}

async function promptIn(root: string, parent: string): Promise<string | undefined> {
  for (const name of await foldersIn(root, parent)) {
    const entries = await entriesOf(join(root, parent, name));
    if (entries.some((entry) => entry.isFile() && entry.name === 'PROMPT.md'))
      return `${parent}/${name}/PROMPT.md`;
  }
  return undefined;
}

async function foldersIn(root: string, folder: string): Promise<readonly string[]> {
  const entries = await entriesOf(join(root, folder));
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Nothing for a folder that is not there or can't be read: then nothing is detected in it. */
async function entriesOf(path: string): Promise<readonly Dirent[]> {
  return readdir(path, { withFileTypes: true }).catch(() => []);
}

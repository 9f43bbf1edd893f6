import type { ReadFile } from '@pwt/core';
import type { Checkout } from '../../checkout.js';
import { textOf, textsOf } from '../../reading/fields.js';
import { readYaml } from '../../reading/front-matter.js';

/** Where Backlog.md keeps its tasks when nothing else is said. */
const FOLDERS: readonly string[] = ['backlog', '.backlog'];
/** Its configuration when that is at the top, which then may name another folder. */
const TOP_CONFIG = 'backlog.config.yml';
const LAST_STATUS = 'Done';

/** The folder of the tasks of a checkout; `undefined` if there is none. */
export async function backlogFolder(checkout: Checkout): Promise<string | undefined> {
  const named = (await checkout.has(TOP_CONFIG))
    ? folderIn((await checkout.read(TOP_CONFIG)) ?? '')
    : undefined;
  for (const folder of named === undefined ? FOLDERS : [named])
    if ((await checkout.folders(folder)).includes('tasks')) return folder;
  return undefined;
}

function folderIn(config: string): string | undefined {
  const { backlog_directory: folder } = readYaml(config);
  const path = textOf(folder)?.replace(/^\.\/|\/+$/g, '');
  return path === undefined || /^(?:[\\/]|[A-Za-z]:)|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(path)
    ? undefined
    : path;
}

/** The status of finished tasks: the last one that the configuration lists. */
export async function lastStatus(folder: string, read: ReadFile): Promise<string> {
  for (const file of [`${folder}/config.yml`, `${folder}/config.yaml`, TOP_CONFIG]) {
    const text = await read(file);
    if (text !== undefined) return textsOf(readYaml(text).statuses).at(-1) ?? LAST_STATUS;
  }
  return LAST_STATUS;
}

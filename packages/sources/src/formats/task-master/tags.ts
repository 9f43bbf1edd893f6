import type { Diagnostic } from '@pwt/core';
import type { Checkout } from '../../checkout.js';
import { textOf } from '../../reading/fields.js';
import { JsonText } from '../../reading/json-text.js';
import { isFinished } from './leaf-task.js';
import { leavesOf } from './needs.js';
import type { TagList } from './task-list.js';

const STATE = '.taskmaster/state.json';
const FIRST_TAG = 'master';

/** The tags to read: the given ones, or the current one; one that is there in any case. */
export async function wantedTags(
  checkout: Checkout,
  given: readonly string[] | undefined,
  lists: readonly TagList[],
): Promise<readonly (string | undefined)[]> {
  if (given) return given;
  const current = await currentTag(checkout);
  const there = lists.map(({ tag }) => tag);
  return [[current, FIRST_TAG].find((tag) => there.includes(tag)) ?? there[0]];
}

async function currentTag(checkout: Checkout): Promise<string | undefined> {
  const text = (await checkout.has(STATE)) ? await checkout.read(STATE) : undefined;
  return text === undefined ? undefined : textOf(new JsonText(text).at(['currentTag'])?.value);
}

/** What is said of tags that the configuration names and the file has not. */
export function unknownTags(
  file: string,
  given: readonly string[],
  lists: readonly TagList[],
): readonly Diagnostic[] {
  const there = lists.flatMap(({ tag }) => tag ?? []);
  return given
    .filter((tag) => !there.includes(tag))
    .map((tag) => ({
      code: 'PWT_TASK_TAGS',
      severity: 'warning',
      message: `${file} has no tag "${tag}"; its tags are: ${there.join(', ') || 'none'}.`,
      path: file,
    }));
}

/** Unfinished tasks of tags that are not read are easily missed. */
export function otherTags(
  file: string,
  lists: readonly TagList[],
  wanted: readonly (string | undefined)[],
): readonly Diagnostic[] {
  const others = lists.flatMap(({ tag, entries }) => {
    const open = leavesOf(entries).filter((leaf) => !isFinished(leaf)).length;
    return tag === undefined || wanted.includes(tag) || open === 0 ? [] : [{ tag, open }];
  });
  if (others.length === 0) return [];
  const all = lists.flatMap(({ tag }) =>
    wanted.includes(tag) || others.some((one) => one.tag === tag) ? [tag] : [],
  );
  return [
    {
      code: 'PWT_TASK_TAGS',
      severity: 'info',
      message: `The tasks of the tag "${wanted[0]}" are read. Unfinished ones of other tags: ${others.map(({ tag, open }) => `${tag} (${open})`).join(', ')}.`,
      hint: `To read them, too, write in \`formats\`: ${JSON.stringify(['task-master', { tags: all }])}`,
      path: file,
    },
  ];
}

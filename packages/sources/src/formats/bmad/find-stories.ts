import { below, type Checkout } from '../../checkout.js';
import { type StoryName, storyName } from './story-name.js';

/** Where stories are, in BMAD's versions. */
export const defaultFolders: readonly string[] = [
  ...['docs/stories', '_bmad-output/implementation-artifacts', '_bmad-output/stories'],
  ...['docs/sprint-artifacts', 'docs/implementation-artifacts'],
];

/** A file that may be a story, by its name. */
export interface StoryFile extends StoryName {
  readonly path: string;
}

const DONE_OR_EPIC = /^(?:epic|sprint|stories|done|completed?|archived?)/i;

/** The story files of folders, and of the folders in them that are for an epic. */
export async function storyFiles(
  checkout: Checkout,
  folders: readonly string[],
): Promise<readonly StoryFile[]> {
  const found: StoryFile[] = [];
  for (const folder of folders) found.push(...(await filesIn(checkout, folder, 1)));
  return found;
}

async function filesIn(checkout: Checkout, folder: string, levels: number): Promise<readonly StoryFile[]> {
  const found: StoryFile[] = [];
  for (const { name, kind } of await checkout.entries(folder)) {
    const path = below(folder, name);
    if (kind === 'folder' && levels > 0 && DONE_OR_EPIC.test(name))
      found.push(...(await filesIn(checkout, path, levels - 1)));
    const story = kind === 'folder' || kind === 'other' ? undefined : storyName(name);
    if (story) found.push({ ...story, path });
  }
  return found;
}

const STORY = /^#{1,3}[ \t]+(?:user )?(?:story|tasks?\b|acceptance criteria)|^[ \t]*(?:\*\*)?as an? /im;
const HEADED = /^---[ \t]*\r?\n[\s\S]{0,2000}?^status[ \t]*:/m;

/** True for the text of a story; a name such as `1.2-notes.md` is not enough. */
export function isStory(text: string, { number }: StoryName): boolean {
  return number === undefined ? HEADED.test(text) : STORY.test(text);
}

/** The places of `sprint-status.yaml`, first those beside the stories. */
export function sprintFiles(folders: readonly string[]): readonly string[] {
  return [...new Set([...folders, 'docs', '_bmad-output'])].map((folder) => `${folder}/sprint-status.yaml`);
}

import { below, type Checkout } from '../../checkout.js';

const folders = ['docs', '_bmad-output', '_bmad-output/planning-artifacts', 'docs/planning-artifacts'];
const DOCUMENT =
  /^(?:.*-)?(?:prd|architecture|ux-design(?:-specification)?|ux-specification|front-end-spec|tech-spec|project-context)\.md$/i;
const SHARDED = ['prd', 'architecture'];
const OF_EPIC = /^epic[-_ ]?0*(\d+)\b.*\.md$/i;
const ASIDE = /retro|validation|report/i;

/** The documents of a project that stories are written from. */
export interface StoryDocuments {
  /** Those that hold for every story. */
  readonly common: readonly string[];
  /** Those of one epic, by its number. */
  readonly ofEpic: ReadonlyMap<string, readonly string[]>;
}

/** Finds PRD, architecture and epics, whole or in parts. */
export async function storyDocuments(checkout: Checkout): Promise<StoryDocuments> {
  const common: string[] = [];
  const ofEpic = new Map<string, string[]>();
  for (const folder of folders) {
    for (const name of await filesIn(checkout, folder)) {
      if (ASIDE.test(name)) continue;
      if (DOCUMENT.test(name) || /^epics?\.md$/i.test(name)) common.push(below(folder, name));
    }
    for (const name of SHARDED)
      if (await checkout.has(`${folder}/${name}/index.md`)) common.push(`${folder}/${name}/index.md`);
    for (const place of [folder, `${folder}/epics`, `${folder}/prd`]) {
      for (const name of await filesIn(checkout, place)) {
        const epic = ASIDE.test(name) ? undefined : OF_EPIC.exec(name)?.[1];
        if (epic !== undefined) ofEpic.set(epic, [...(ofEpic.get(epic) ?? []), below(place, name)]);
      }
    }
  }
  return { common, ofEpic };
}

async function filesIn(checkout: Checkout, folder: string): Promise<readonly string[]> {
  return (await checkout.entries(folder)).filter(({ kind }) => kind === 'file').map(({ name }) => name);
}

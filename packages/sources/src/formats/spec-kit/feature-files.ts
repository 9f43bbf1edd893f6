/** The files that a feature folder has, as its tasks name them. */
export interface FeatureFiles {
  /** Relative to the root. */
  readonly folder: string;
  /** The names of what lies in the folder, and of what lies in the root. */
  readonly entries: ReadonlySet<string>;
  readonly rootEntries: ReadonlySet<string>;
}

/** The documents that spec-kit writes into every feature folder. */
export const DOCUMENTS: readonly string[] = [
  'spec.md',
  'plan.md',
  'research.md',
  'data-model.md',
  'quickstart.md',
];
export const LIST = 'tasks.md';
export const CONTRACTS = 'contracts';
const FOLDERS: readonly string[] = [CONTRACTS, 'checklists'];

/**
 * The path of a document that a task names without its folder: `quickstart.md`, `contracts/api.yaml`. Every feature has files of
 * these names, so they are never those of the root. `undefined` for all other paths.
 */
export function featurePath(
  path: string,
  { folder, entries, rootEntries }: FeatureFiles,
): string | undefined {
  const [first = '', ...rest] = path.split('/');
  const isDocument = rest.length === 0 && (DOCUMENTS.includes(first) || first === LIST);
  const isIn = FOLDERS.includes(first) && (entries.has(first) || !rootEntries.has(first));
  const isOnlyHere = rest.length === 0 && entries.has(first) && !rootEntries.has(first);
  return isDocument || isIn || isOnlyHere ? `${folder}/${path}` : undefined;
}

/** Words after which a document is only named for what stands in it: "per data-model.md", "(see plan.md)". */
const REFERENCE =
  /(?:^|[\s(])(?:per|from|see|following|follows?|according to|based on|match(?:es|ing)?|as(?: \w+)? (?:in|by)|(?:defined|described|specified|documented|listed|outlined) in|in line with|against|using|with|via|refer(?:ence)?(?: to)?:?|spec:|contract:)\s+(?:the\s+)?(?:(?:\w+\s+){0,3}(?:in|from|of)\s+)?$/i;

/** True if the words before a path say that it is only looked at. */
export function isReference(before: string): boolean {
  return REFERENCE.test(before.slice(-80).replace(/["'`(]+$/, ''));
}

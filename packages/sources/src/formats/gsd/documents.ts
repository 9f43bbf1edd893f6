import { below, type Checkout } from '../../checkout.js';

const DOCUMENT = /(?:^|-)(?:CONTEXT|RESEARCH|DISCOVERY|UI-SPEC|SPEC|VALIDATION|PATTERNS)\.md$/;
const PROJECT = ['PROJECT.md', 'ROADMAP.md', 'REQUIREMENTS.md'];

/** The documents of the phase in a folder, and of its project. */
export async function documentsOf(folder: string, checkout: Checkout): Promise<readonly string[]> {
  const own = (await checkout.entries(folder)).filter(
    ({ name, kind }) => kind === 'file' && DOCUMENT.test(name),
  );
  const root = parentOf(parentOf(folder));
  const common: string[] = [];
  for (const name of PROJECT) if (await checkout.has(below(root, name))) common.push(below(root, name));
  return [...own.map(({ name }) => below(folder, name)), ...common];
}

/** The folder that a path is in. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

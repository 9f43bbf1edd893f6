import type { TrackedPaths } from '../paths/tracked-paths.js';
import type { Mention } from './rule.js';

/**
 * Puts a file and the folder that it goes to together: ``Create `Tab.tsx` in `src/ui/` `` is about
 * `src/ui/Tab.tsx`. Everything but a bare new file name beside one folder is left as it is.
 */
export function intoFolder(mentions: readonly Mention[], tree: TrackedPaths): readonly Mention[] {
  const [file, folder, ...others] = mentions;
  if (!file || !folder || others.length > 0) return mentions;
  if (file.text.includes('/') || !file.text.includes('.') || !isFolder(folder.text, tree)) return mentions;
  return [{ ...file, text: `${folder.text.replace(/\/+$/, '')}/${file.text}` }];
}

/** True for a path that ends in `/` or is a tracked folder. */
export function isFolder(path: string, tree: TrackedPaths): boolean {
  return path.endsWith('/') || tree.hasDirectory(path.replace(/^\.\//, ''));
}

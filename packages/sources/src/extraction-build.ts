import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * Names the code that reads specs, for whoever keeps its results: a release is known by its version and the name
 * of its file, which bundlers derive from the content; a build of one's own by when it was made.
 */
export async function extractionBuild(): Promise<string> {
  const own = fileURLToPath(import.meta.url);
  const [version, madeAt] = await Promise.all([
    nearestVersion(new URL('.', import.meta.url)),
    stat(own).then(
      ({ mtimeMs }) => mtimeMs,
      // Bundled by something that keeps no files of its own.
      () => 0,
    ),
  ]);
  return JSON.stringify([version, own, madeAt]);
}

async function nearestVersion(folder: URL): Promise<string | undefined> {
  try {
    const manifest = await readFile(new URL('package.json', folder), 'utf8');
    return (JSON.parse(manifest) as { version?: string }).version;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const parent = new URL('../', folder);
    return parent.href === folder.href ? undefined : nearestVersion(parent);
  }
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The packages whose code reads tasks, beside this one. */
const READERS = ['@pwt/separator', '@pwt/scope'];

/**
 * A name for the code that reads tasks and claims from texts, for a cache of its results. Each release and each build has
 * another name.
 *
 * In a bundle, it comes from the time of the bundle's file, which every build writes. Without a bundle, the compiler does
 * not write unchanged files, so it comes from the latest change of any file of these packages.
 */
export async function extractionBuild(): Promise<string> {
  const own = fileURLToPath(import.meta.url);
  const { name, version } = await nearestManifest(new URL('.', import.meta.url));
  const folders = name === '@pwt/sources' ? [dirname(own), ...READERS.flatMap(folderOf)] : [];
  const madeAt = folders.length > 0 ? await latestChange(folders) : await changedAt(own);
  return JSON.stringify([version, own, madeAt]);
}

/** When any file in the folders, or below them, was last written. */
export async function latestChange(folders: readonly string[]): Promise<number> {
  const times = folders.map(async (folder) => {
    const entries = await readdir(folder, { recursive: true });
    return Math.max(0, ...(await Promise.all(entries.map((entry) => changedAt(join(folder, entry))))));
  });
  return Math.max(...(await Promise.all(times)));
}

/** 0 if there is no such file. */
async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    (entry) => (entry.isFile() ? entry.mtimeMs : 0),
    () => 0,
  );
}

/** The folder of a package's code; none if its sources run without a build, as in tests. */
function folderOf(name: string): readonly string[] {
  try {
    return [dirname(createRequire(import.meta.url).resolve(name))];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return [];
    throw error;
  }
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
}

async function nearestManifest(folder: URL): Promise<Manifest> {
  try {
    return JSON.parse(await readFile(new URL('package.json', folder), 'utf8')) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const parent = new URL('../', folder);
    return parent.href === folder.href ? {} : nearestManifest(parent);
  }
}

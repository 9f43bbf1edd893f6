import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The schema of the configuration in a project that has pwt among its dependencies. */
export const INSTALLED_SCHEMA = 'node_modules/@pwt/default/schema/pwt.schema.json';

/** The copy for any other project, relative to its root. */
export const SCHEMA_COPY = '.pwt/config.schema.json';

/** Whether the project has the schema of a pwt that it has installed itself. */
export async function hasOwnSchema(root: string): Promise<boolean> {
  return access(join(root, INSTALLED_SCHEMA)).then(
    () => true,
    () => false,
  );
}

/**
 * Writes this version's schema into a project, for editors, where none is installed. A path to a program that is installed
 * globally would be right on one machine only; the copy is right in every clone, and goes with the configuration.
 *
 * @returns the copy's path, relative to the root; `undefined` where the project has the schema of an installed pwt
 */
export async function writeSchemaCopy(root: string): Promise<string | undefined> {
  if (await hasOwnSchema(root)) return undefined;
  const { configJsonSchema } = await import('../config/schema.js');
  const file = join(root, SCHEMA_COPY);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return SCHEMA_COPY;
}

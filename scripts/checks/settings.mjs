// What is made of the settings and kept in files is up to date: the JSON schema, and the table of the documentation.
// With --write it is written.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { conclude } from '../lib/problems.mjs';
import { withSettingsTable } from '../lib/settings-table.mjs';
import { ROOT } from '../lib/workspace.mjs';

const built = (/** @type {string} */ name) =>
  import(pathToFileURL(join(ROOT, 'packages/default/dist', name)).href);
const { settings, defaultText } = await built('settings.js');
const { configJsonSchema } = await built('config/schema.js');

/** @type {readonly {path: string, made: (text: string) => string}[]} */
const files = [
  {
    path: 'packages/default/schema/pwt.schema.json',
    made: () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  },
  { path: 'docs/configuration.md', made: (text) => withSettingsTable(text, settings, defaultText) },
];

const stale = files.flatMap(({ path, made }) => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const wanted = made(text);
  return text === wanted ? [] : [{ path, wanted }];
});
if (process.argv.includes('--write')) {
  for (const { path, wanted } of stale) writeFileSync(join(ROOT, path), wanted);
  console.log(stale.length === 0 ? 'nothing to write' : `wrote ${stale.map(({ path }) => path).join(', ')}`);
} else {
  conclude(
    stale.map(
      ({ path }) => `${path} is not what packages/default/src/config/settings.ts says: npm run settings`,
    ),
    `${Object.keys(settings).length} settings against ${files.length} files`,
  );
}

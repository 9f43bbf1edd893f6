import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from './schema.js';
import { settingKeys, settings } from './settings.js';

describe('the published JSON schema', () => {
  it('is what the schema in the code says (regenerate: node packages/default/scripts/write-schema.mjs)', async () => {
    const published = await readFile(new URL('../../schema/pwt.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });

  it('has exactly the keys of the table, with its descriptions', () => {
    const properties = configJsonSchema().properties as Record<string, { description?: string }>;
    expect(Object.keys(properties).filter((key) => key !== '$schema')).toEqual([...settingKeys]);
    for (const key of settingKeys) expect(properties[key]?.description).toBe(settings[key].description);
  });
});

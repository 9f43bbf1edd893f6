// Writes the published JSON schema from the schema in the code.
import { writeFile } from 'node:fs/promises';
import { createJiti } from 'jiti';

const { configJsonSchema } = await createJiti(import.meta.url).import('../src/config/schema.ts');
const file = new URL('../schema/pwt.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);

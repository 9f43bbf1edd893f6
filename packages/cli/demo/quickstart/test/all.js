// Runs every test in one process.
import { readdirSync } from 'node:fs';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.js'));
for (const file of files) await import(`./${file}`);

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';
import { planOf } from './pwt.mjs';

const pluginFile = join(import.meta.dirname, 'module-separator.mjs');
/** The line. In a project of your own it names a package or a path from the checkout's root. */
const line = { plugins: [pluginFile] };

const repository = await TemporaryRepository.create();
try {
  cpSync(join(import.meta.dirname, 'project'), repository.path, { recursive: true });
  await repository.commitAll('Add a project with specs');

  await repository.write({ 'pwt.config.json': JSON.stringify({ specs: ['specs'] }) });
  const before = planOf(repository);
  await repository.write({ 'pwt.config.json': JSON.stringify({ specs: ['specs'], ...line }) });
  const after = planOf(repository);

  console.log('claims without the line:', before.patterns);
  console.log('claims with the line:   ', after.patterns);
  console.log('conflicts without and with it:', before.conflicts, after.conflicts);

  assert.deepEqual(before.patterns, {
    20: ['src/billing/invoice.mjs'],
    21: ['src/billing/reminder.mjs'],
    22: ['src/search/index.mjs'],
  });
  assert.deepEqual(before.conflicts, []);
  assert.deepEqual(after.patterns, {
    20: ['src/billing/**'],
    21: ['src/billing/**'],
    22: ['src/search/**'],
  });
  assert.deepEqual(after.conflicts, [['20', '21']]);
} finally {
  await repository.dispose();
}

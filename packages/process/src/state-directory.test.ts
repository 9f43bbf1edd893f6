import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../test/support.js';
import { selfIdentity } from './identity.js';
import { StateDirectory } from './state-directory.js';

it('lets only the first one have the lease', async () => {
  const path = await temporaryDirectory();
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => new StateDirectory(path).fence()));
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  expect(await new StateDirectory(path).lease()).toEqual({ role: 'fence', mark: '', ...selfIdentity() });
});

it('leaves the lease of a supervisor alone', async () => {
  const path = await temporaryDirectory();
  await writeFile(join(path, 'lease'), 'taken');
  expect(await new StateDirectory(path).fence()).toBe(false);
  expect(await readFile(join(path, 'lease'), 'utf8')).toBe('taken');
});

it('takes half-written records for none', async () => {
  const path = await temporaryDirectory();
  const directory = new StateDirectory(path);
  for (const text of ['', '{"role":"command","pid":12']) {
    await writeFile(join(path, 'command'), text);
    expect(await directory.command()).toBeUndefined();
  }
  await writeFile(join(path, 'exit'), 'exit');
  expect(await directory.exit()).toBeUndefined();
});

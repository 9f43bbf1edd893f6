import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const HERE = import.meta.dirname;
const PACKAGES = join(HERE, '../../..');

it('the README names tests that are there, and all that are here', () => {
  const named = [...readFileSync(join(HERE, 'README.md'), 'utf8').matchAll(/`([^`]+\.test\.ts)`/g)].map(
    ([, path]) => path ?? '',
  );
  const missing = named.filter(
    (path) => !existsSync(join(/^\.\.|^[^/]+$/.test(path) ? HERE : PACKAGES, path)),
  );
  expect(missing).toEqual([]);
  const here = readdirSync(HERE).filter((name) => name.endsWith('.test.ts') && name !== 'readme.test.ts');
  expect(here.filter((name) => !named.includes(name))).toEqual([]);
});

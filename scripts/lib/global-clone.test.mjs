import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { giveBackGlobalPlace, isInstallInClone } from './global-clone.mjs';

/** @type {string} */
let folder;
/** @type {string} */
let clone;
/** @type {string} */
let place;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pwt-global-'));
  clone = join(folder, 'clone');
  place = join(folder, 'prefix/lib/node_modules/@x/program');
  mkdirSync(clone);
  mkdirSync(join(place, '..'), { recursive: true });
  writeFileSync(join(clone, 'package.json'), '{ "name": "@x/program" }');
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = () => ({ npm_config_global: 'true', npm_config_global_prefix: join(folder, 'prefix') });

it('makes a folder of the link to the clone, and leaves the clone alone', () => {
  symlinkSync(clone, place);
  giveBackGlobalPlace(env(), clone);
  expect(lstatSync(place).isDirectory()).toBe(true);
  expect(readdirSync(place)).toEqual([]);
  expect(readdirSync(clone)).toEqual(['package.json']);
});

it('leaves alone what is no such link, and what npm installs elsewhere', () => {
  giveBackGlobalPlace(env(), clone);
  expect(readdirSync(join(place, '..'))).toEqual([]);
  mkdirSync(join(folder, 'other'));
  symlinkSync(join(folder, 'other'), place);
  giveBackGlobalPlace(env(), clone);
  giveBackGlobalPlace({ ...env(), npm_config_global: '' }, join(folder, 'other'));
  expect(lstatSync(place).isSymbolicLink()).toBe(true);
});

it('knows the clone of npm from a clone of one’s own', () => {
  expect(isInstallInClone({ _PACOTE_NO_PREPARE_: 'git+file:///a#b' })).toBe(true);
  expect(isInstallInClone(env())).toBe(false);
});

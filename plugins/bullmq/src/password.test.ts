import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { envWithoutPassword, passwordOf, passwordPlace } from './password.js';

function folderWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-password-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'file'), content);
  return folder;
}

describe('the password of Redis', () => {
  it.each([
    [{ passwordFile: 'file' }, { PWT_REDIS_PASSWORD: 'of the environment' }, ' of the file', 'file'],
    [{}, { PWT_REDIS_PASSWORD: 'of the environment', PWT_REDIS_PASSWORD_FILE: 'file' }, 'of the environment'],
    [{}, { PWT_REDIS_PASSWORD: '', PWT_REDIS_PASSWORD_FILE: 'file' }, ' of the file', 'file'],
    [
      { passwordEnv: 'OWN' },
      { OWN_FILE: 'file', PWT_REDIS_PASSWORD: 'of another one' },
      ' of the file',
      'file',
    ],
    [{ passwordEnv: 'OWN' }, { PWT_REDIS_PASSWORD: 'of another one' }, undefined],
    [{}, {}, undefined],
  ])('with %j and %j is %j', (places, env, password, place = undefined) => {
    expect(passwordOf(places, { folder: folderWith(' of the file\n'), env })).toBe(password);
    expect(passwordPlace(places, env)).toBe(place);
  });

  it('is read once, out of what may be a pipe', () => {
    const place = { folder: folderWith('secret\r\n'), env: {} };
    expect(passwordOf({ passwordFile: 'file' }, place)).toBe('secret');
    unlinkSync(join(place.folder, 'file'));
    expect(passwordOf({ passwordFile: 'file' }, place)).toBe('secret');
  });

  it.each([
    ['file', /it is empty/],
    ['none', /none: ENOENT/],
  ])('is missed in %s', (passwordFile, message) => {
    const place = { folder: folderWith('\n'), env: {} };
    const error = { code: 'PWT_PLUGIN_OPTIONS', message: expect.stringMatching(message) };
    expect(() => passwordOf({ passwordFile }, place)).toThrowError(expect.objectContaining(error));
  });

  it('and where it is stay away from agents and gates', () => {
    const names = ['PWT_REDIS_PASSWORD', 'PWT_REDIS_PASSWORD_FILE', 'OTHER', 'OTHER_FILE', 'PATH'];
    const env = Object.fromEntries(names.map((name) => [name, 'x']));
    expect(Object.keys(envWithoutPassword(env, { passwordEnv: 'OTHER' }))).toEqual(['PATH']);
    expect(Object.keys(envWithoutPassword(env, {}))).toEqual(['OTHER', 'OTHER_FILE', 'PATH']);
  });
});

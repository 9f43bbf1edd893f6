import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { machineProblem } from './machine.mjs';

const usable = { platform: 'linux', nodeVersion: '20.19.0', npmCache: tmpdir() };

describe('machineProblem', () => {
  it('finds nothing wrong with the oldest supported Node and a cache that npm has yet to make', () => {
    expect(machineProblem({ ...usable, npmCache: join(tmpdir(), 'not', 'there', 'yet') })).toBeUndefined();
  });

  it('points to WSL on Windows', () => {
    expect(machineProblem({ ...usable, platform: 'win32' })).toContain('wsl --install');
  });

  it.each(['18.20.4', '20.18.3'])('refuses Node %s', (nodeVersion) => {
    expect(machineProblem({ ...usable, nodeVersion })).toContain('20.19');
  });

  it('wants a home or a cache', () => {
    expect(machineProblem({ ...usable, npmCache: '' })).toContain('HOME');
  });

  it('names a cache that cannot be written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pwt-machine-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const notAFolder = join(folder, 'file');
    writeFileSync(notAFolder, '');
    expect(machineProblem({ ...usable, npmCache: join(notAFolder, '.npm') })).toContain(folder);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkGit, checkNode } from './tools.js';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const oldestNode: string = manifest.engines.node.replace('>=', '');

describe('checkNode', () => {
  it.each([
    [`${oldestNode}.0`, 'note'],
    [`${oldestNode.split('.')[0]}.${Number(oldestNode.split('.')[1]) - 1}.9`, 'problem'],
    ['18.20.4', 'problem'],
    ['22.0.0', 'ok'],
    ['24.1.0', 'ok'],
  ])('judges %s as the manifest does: %s', (version, status) => {
    expect(checkNode(version).status).toBe(status);
  });
});

describe('checkGit', () => {
  it.each([
    [37, 'problem'],
    [38, 'note'],
    [41, 'ok'],
  ])('judges 2.%s by what a run needs: %s', async (minor, status) => {
    const version = { major: 2, minor, patch: 0, text: `git version 2.${minor}.0` };
    expect(await checkGit(async () => version)).toMatchObject({ status });
  });

  it('says why there is none', async () => {
    const missing = async () => Promise.reject(new Error('no git'));
    expect(await checkGit(missing)).toMatchObject({ name: 'git', status: 'problem' });
  });
});

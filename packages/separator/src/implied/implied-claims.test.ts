import type { Claim } from '@pwt/core';
import { FileTree } from '@pwt/scope';
import { describe, expect, it } from 'vitest';
import { claimsOfTask } from '../claims-of-task.js';
import { englishVocabulary } from '../english.js';
import { defaultRules } from '../rules/table.js';
import { impliedClaims } from './implied-claims.js';

const tree = FileTree.from([
  'app/[id]/__snapshots__/page.test.tsx.snap',
  'app/[id]/page.test.tsx',
  'package-lock.json',
  'package.json',
  'packages/x/package.json',
  'tools/package.json',
  'tools/yarn.lock',
]);

function claim(pattern: string, extra: Partial<Claim> = {}): Claim {
  return { pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test', ...extra };
}

const implied = (...claims: readonly Claim[]) => impliedClaims(claims, tree).map(({ pattern }) => pattern);

describe('implied claims', () => {
  it('are the nearest lockfile of a manifest', () => {
    expect(implied(claim('packages/x/package.json'))).toEqual(['package-lock.json']);
    expect(implied(claim('tools/package.json'))).toEqual(['tools/yarn.lock']);
    expect(implied(claim('packages/*/package.json'))).toEqual(['package-lock.json']);
  });

  it('are the snapshot of a test, also where names need escapes', () => {
    expect(implied(claim('app/\\[id]/page.test.tsx'))).toEqual([
      'app/\\[id]/__snapshots__/page.test.tsx.snap',
    ]);
  });

  it('follow neither from what is read nor from what is taken away', () => {
    expect(implied(claim('package.json', { mode: 'read' }), claim('!tools/package.json'))).toEqual([]);
  });

  it('follow from a structured scope as well', () => {
    const declared = [claim('package.json')];
    const task = { id: '1', title: 'T', specs: [], dependsOn: [], declared };
    const scope = claimsOfTask(task, { tree, vocabulary: englishVocabulary, rules: defaultRules });
    expect(scope.claims.map(({ pattern }) => pattern)).toEqual(['package.json', 'package-lock.json']);
    expect(scope.claims[1]).toMatchObject({ class: 'regenerate', rule: 'implied-lockfile' });
  });
});

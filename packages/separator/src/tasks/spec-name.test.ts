import { describe, expect, it } from 'vitest';
import { normaliseSpecId, parseSpecName } from './spec-name.js';
import { specPathOf } from './spec-path.js';

describe('parseSpecName', () => {
  it.each([
    ['SPEC-020-conversational', '20'],
    ['SPEC-20-conversational', '20'],
    ['spec-020_x', '20'],
    ['SPEC-1000-x', '1000'],
    ['SPEC-0-x', '0'],
    ['SPEC-2-5-new-user-experience-&-documentation', '2-5'],
    ['SPEC-002-6-daemon-fix', '2-6'],
    ['SPEC-1-5', '1-5'],
    ['SPEC-20-3d-view', '20'],
    ['SPEC-20-2026-plan', '20'],
    ['SPEC-12-us-047---enforce-cfr', '47'],
    ['SPEC-AUTH-login', 'AUTH'],
    ['SPEC-NEXT-one-thing', 'NEXT-one-thing'],
    ['SPEC-7-a\nb; rm -rf $HOME', '7'],
    ['US-020-login', '20'],
    ['us_020_login', '20'],
    ['PRIORITY-20-login', '20'],
    ['PRIORITY-2.6-login', '2-6'],
    ['PRIORITY-12-us-047-rules', '47'],
    ['STORY-1-x', '1'],
    ['TASK-042', '42'],
  ])('takes %j as %s', (name, id) => {
    expect(parseSpecName(name)?.id).toBe(id);
  });

  it.each([
    'REFACTOR-001-x',
    'SPEC',
    'SPEC-',
    'SPEC----',
    'MY-SPEC-1-x',
    'PROPOSED',
    'TASK-force',
    'STORY-telling',
    'US',
    'US-',
    'US-market',
    'USER-1-x',
    'TASKS-1',
    'task',
    'TASK-3-IMPLEMENTATION-SUMMARY',
    'US-2fa-login',
  ])('takes %j as no spec', (name) => {
    expect(parseSpecName(name)).toBeUndefined();
  });
});

describe('normaliseSpecId', () => {
  it.each([
    ['20', '20'],
    ['020', '20'],
    ['US-020', '20'],
    ['us 20', '20'],
    ['PRIORITY 20', '20'],
    ['SPEC-020', '20'],
    ['#20', '20'],
    ['2.6', '2-6'],
    ['PRIORITY 2.6', '2-6'],
    ['SPEC-020-some-words', '20'],
    ['AUTH', 'AUTH'],
    ['TP-042', 'TP-042'],
    ['0', '0'],
  ])('puts %j into the form %j', (typed, id) => {
    expect(normaliseSpecId(typed)).toBe(id);
  });
});

describe('specPathOf', () => {
  it.each([
    ['SPEC-1-a.md', 'SPEC-1-a'],
    ['docs/specs/SPEC-1-a---b & c.md', 'SPEC-1-a---b & c'],
    ['specs/SPEC-21-email-templates.md', 'SPEC-21-email-templates'],
    ['specs/SPEC-30-export/notes/design.md', 'SPEC-30-export'],
  ])('knows %j', (path, name) => {
    expect(specPathOf(path)).toEqual({ path, name });
  });

  it.each([
    'specs/SPEC-000-template.md',
    'specs/SPEC-7-feature-template.md',
    'specs/templates/SPEC-1-a.md',
    'specs/SPEC-1-a.md.backup',
    'specs/SPEC-1-a.backup.md',
    'specs/SPEC-1-a.md~',
    'specs/SPEC-1-a.md.orig',
    'specs/SPEC-1-a.bak',
    'specs/.SPEC-1-a.md.swp',
    'specs/README.md',
    'specs/US-000-template.md',
    'specs/task-list.md',
    'specs/001-photos/tasks.md',
    'specs/SPEC-30-export/data.json',
  ])('leaves %j out', (path) => {
    expect(specPathOf(path)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { statusKind } from './status.js';

describe('statusKind', () => {
  it.each([
    ...['pending', 'in-progress', 'To Do', 'In Progress', 'open', 'in_progress', 'backlog', '', 'new'],
    ...['90 % done', 'not done', 'Complete (3/5 tasks)', 'done: 50%'],
  ])('%s is to be done', (status) => expect(statusKind(status)).toBe('open'));

  it.each([
    'done',
    'Done',
    '✅ Done',
    'completed',
    'closed',
    'cancelled',
    "Won't Do",
    'wont-fix',
    'DUPLICATE',
  ])('%s is finished', (status) => expect(statusKind(status)).toBe('done'));

  it.each(['deferred', 'blocked', 'In Review', 'review', 'on-hold', 'on_hold', 'Awaiting Merge', 'Draft'])(
    '%s keeps a task back',
    (status) => expect(statusKind(status)).toBe('deferred'),
  );
});

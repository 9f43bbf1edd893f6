import type { TaskState } from '@pwt/core';
import { makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { activityText, workingText } from './activity-text.js';

const path = '/home/me/repo-wt2';
const task = (text: string): TaskState =>
  ({
    task: makeTask('2'),
    phase: 'running',
    workspace: { path },
    dispatchedAt: 1_000,
    activity: { kind: 'tool', text },
  }) as unknown as TaskState;

describe('activityText', () => {
  it.each([
    [`Write ${path}/src/a.ts`, 'Write src/a.ts'],
    [`Bash cd ${path} && cat ${path}/a ${path}/b`, 'Bash cd . && cat a b'],
    [`Read ${path}0/src/a.ts`, `Read ${path}0/src/a.ts`],
    [`Read /home/me/repo/src/a.ts`, 'Read /home/me/repo/src/a.ts'],
    ['npm test', 'npm test'],
  ])('%s', (text, shown) => {
    expect(activityText(task(text))).toBe(shown);
  });

  it('says who does it and for how long', () => {
    expect(workingText(task(`Write ${path}/a`), 251_000)).toBe('2: Write a (4m 10s)');
  });
});

import type { RepositoryChange } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { recordChange } from './findings.js';
import type { RunContext } from './run-context.js';

/** A log with nothing but findings in it, and what was told to it. */
function makeLog() {
  const findings: { message: string }[] = [];
  const append = async ({ finding }: { finding: { message: string } }) => void findings.push(finding);
  const log = { state: { findings }, append } as unknown as RunContext['log'];
  const say = (message: string, taskIds: readonly string[]) =>
    recordChange({ log }, { kind: 'refs', severity: 'info', message } satisfies RepositoryChange, taskIds);
  return { say, messages: () => findings.map(({ message }) => message) };
}

describe('a change of the repository', () => {
  it('is told once, also if other agents run when it is seen again', async () => {
    const { say, messages } = makeLog();
    await say('v1 was made.', ['1']);
    await say('v1 was made.', ['1', '2']);
    await say('v1 was made.', []);
    expect(messages()).toEqual(['v1 was made. The agent of task 1 was running.']);
  });

  it('is told although the message of another one begins with the same words', async () => {
    const { say, messages } = makeLog();
    await say('Made: v1.2.', []);
    await say('Made: v1.', []);
    expect(messages()).toEqual(['Made: v1.2.', 'Made: v1.']);
  });
});

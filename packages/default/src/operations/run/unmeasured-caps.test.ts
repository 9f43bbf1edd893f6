import { describe, expect, it } from 'vitest';
import { unmeasuredCaps } from './unmeasured-caps.js';

const agents = [
  { name: 'claude', resumes: true, tells: { tokens: true, costUsd: true } },
  { name: 'codex', resumes: true, tells: { tokens: true, costUsd: false } },
  { name: 'my-agent', resumes: false, tells: { tokens: false, costUsd: false } },
];

describe('caps that cannot be measured', () => {
  it('are named for each agent that does not tell, with what it does tell', () => {
    const said = unmeasuredCaps({ onCap: 'stop', day: { costUsd: 5 } }, { name: 'process', agents });
    expect(said.map(({ message, hint }) => `${message} ${hint}`)).toEqual([
      'codex does not tell what it costs, so maxCost does not hold for it. It tells the other: set maxTokens.',
      'my-agent does not tell what it costs, so maxCost does not hold for it. What limits it is the time: set timeout.',
    ]);
  });

  it('are those that are set', () => {
    const launcher = { name: 'process', agents: agents.slice(0, 2) };
    expect(unmeasuredCaps(undefined, launcher)).toEqual([]);
    expect(unmeasuredCaps({ onCap: 'stop', task: { tokens: 5 } }, launcher)).toEqual([]);
  });

  it('are all of them where nothing is known of the agent', () => {
    expect(
      unmeasuredCaps({ onCap: 'stop', run: { costUsd: 1, tokens: 1 } }, { name: 'plugin' }),
    ).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { figuresText } from './figures-text.js';

describe('the figures of a task', () => {
  it('are named as they are in JSON, each in its unit', () => {
    expect(figuresText({ setupMs: 40_000, agentMs: 185_000, gateMs: 4_200 })).toBe(
      'setup 40.0s, agent 3m 05s, gate 4.2s',
    );
    expect(figuresText({ agentMs: 1000, inputTokens: 12_000, costUsd: 0.5 })).toBe(
      'agent 1.0s, 12k tokens, $0.50',
    );
    expect(figuresText({})).toBe('');
  });

  it('need no change of the view when there is one more', () => {
    const more: Readonly<Record<string, number>> = { agentMs: 1000, queuedTasks: 12 };
    expect(figuresText(more)).toBe('agent 1.0s, queued tasks 12');
  });
});

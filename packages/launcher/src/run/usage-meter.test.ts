import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentUsage } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { type DialectName, dialects } from '../dialects/dialects.js';
import { readUsage, UsageMeter } from './usage-meter.js';

const claudeStep = (id: string, output_tokens: number) => ({
  type: 'assistant',
  message: {
    id,
    content: [{ type: 'text', text: 'x' }],
    usage: { input_tokens: 10, cache_creation_input_tokens: 5, cache_read_input_tokens: 100, output_tokens },
  },
});
const opencodeStep = (id: string, reason: string) => ({
  type: 'step_finish',
  part: {
    id,
    reason,
    cost: 0.25,
    tokens: { input: 10, output: 2, reasoning: 3, cache: { read: 100, write: 0 } },
  },
});
const piStep = {
  role: 'assistant',
  content: [],
  usage: { input: 1, cacheRead: 9, output: 2, cost: { total: 0.5 } },
};

/** What the events of one attempt add up to. The events have the shape that the agents print. */
const logs: readonly (readonly [
  DialectName,
  what: string,
  events: readonly unknown[],
  AgentUsage | undefined,
])[] = [
  [
    'claude',
    'a message in two events counts once, and what is read of a cache counts',
    [claudeStep('m1', 1), claudeStep('m1', 1), claudeStep('m2', 2)],
    { inputTokens: 230, outputTokens: 3 },
  ],
  [
    'claude',
    'the result of the whole attempt takes the place of its steps',
    [
      claudeStep('m1', 1),
      {
        type: 'result',
        total_cost_usd: 0.4,
        usage: {
          input_tokens: 40,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 200,
          output_tokens: 90,
        },
      },
    ],
    { inputTokens: 240, outputTokens: 90, costUsd: 0.4 },
  ],
  [
    'codex',
    'turns of one session count on',
    [
      { type: 'turn.completed', usage: { input_tokens: 100, cached_input_tokens: 90, output_tokens: 5 } },
      { type: 'turn.completed', usage: { input_tokens: 300, cached_input_tokens: 190, output_tokens: 9 } },
    ],
    { inputTokens: 300, outputTokens: 9 },
  ],
  [
    'opencode',
    'steps are added up',
    [opencodeStep('a', 'tool-calls'), opencodeStep('b', 'stop'), opencodeStep('b', 'stop')],
    { inputTokens: 220, outputTokens: 10, costUsd: 0.5 },
  ],
  [
    'pi',
    'steps are added up',
    [
      { type: 'message_end', message: piStep },
      { type: 'message_end', message: piStep },
    ],
    { inputTokens: 20, outputTokens: 4, costUsd: 1 },
  ],
  [
    'gemini',
    'the result',
    [{ type: 'result', status: 'success', stats: { input_tokens: 70, output_tokens: 7 } }],
    { inputTokens: 70, outputTokens: 7 },
  ],
  [
    'cline',
    'the result',
    [
      {
        type: 'run_result',
        finishReason: 'completed',
        usage: { inputTokens: 7, outputTokens: 3, totalCost: 2 },
      },
    ],
    { inputTokens: 7, outputTokens: 3, costUsd: 2 },
  ],
  ['codex', 'nothing, which is not the same as 0', [{ type: 'turn.started' }], undefined],
  ['lines', 'nothing', ['{"type":"turn.completed","usage":{"input_tokens":1}}'], undefined],
];

describe('what a log says was used', () => {
  it.each(logs)('%s: %s', async (dialect, _what, events, expected) => {
    const dir = await mkdtemp(join(tmpdir(), 'pwt-usage-'));
    try {
      const log = join(dir, 'log');
      await writeFile(
        log,
        events.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n'),
      );
      expect(await readUsage(log, dialects[dialect], undefined)).toEqual(expected);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe('UsageMeter', () => {
  it('takes away what the session had used before this attempt', () => {
    const meter = new UsageMeter({ inputTokens: 100, outputTokens: 10, costUsd: 1 });
    meter.take({ of: 'session', inputTokens: 150, outputTokens: 10 });
    expect(meter.total).toEqual({ inputTokens: 50, outputTokens: 0 });
  });

  it('takes nothing away where the agent counts each attempt from nothing', () => {
    const meter = new UsageMeter({ inputTokens: 100, outputTokens: 10 });
    meter.take({ of: 'session', inputTokens: 40, outputTokens: 20 });
    expect(meter.total).toEqual({ inputTokens: 40, outputTokens: 20 });
    const other = new UsageMeter({ inputTokens: 100 });
    other.take({ of: 'attempt', inputTokens: 150 });
    expect(other.total).toEqual({ inputTokens: 150 });
  });

  it('never goes down', () => {
    const meter = new UsageMeter();
    meter.take({ of: 'step', inputTokens: 60, costUsd: 2 });
    meter.take({ of: 'attempt', inputTokens: 50, costUsd: 3 });
    expect(meter.total).toEqual({ inputTokens: 60, costUsd: 3 });
  });
});

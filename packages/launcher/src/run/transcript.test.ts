import { describe, expect, it } from 'vitest';
import { transcriptOf } from './transcript.js';

const log = (...events: unknown[]) => `${events.map((event) => JSON.stringify(event)).join('\n')}\n`;

describe('transcriptOf', () => {
  it('tells what an agent said in full, and what it did in a line each', () => {
    const long = `I have done it.\n\n${'All of it. '.repeat(40)}`;
    const text = transcriptOf(
      'codex',
      log(
        { type: 'thread.started', thread_id: 't1' },
        { type: 'item.started', item: { type: 'command_execution', command: 'npm test' } },
        { type: 'item.completed', item: { type: 'file_change', changes: [{ path: 'src/a.ts' }] } },
        { type: 'item.completed', item: { type: 'agent_message', text: long } },
        { type: 'error', message: 'overloaded' },
        { type: 'turn.completed', usage: { input_tokens: 1, output_tokens: 2 } },
      ),
    );
    expect(text.split('\n')).toEqual([
      'session started',
      '> npm test',
      '> edit src/a.ts',
      ...long.trim().split('\n'),
      '! overloaded',
      '= turn completed',
      '',
    ]);
  });

  it('keeps what is not of the dialect, and leaves plain text alone', () => {
    expect(transcriptOf('claude', `npm warn ${'x'.repeat(300)}\n\n`)).toBe(`npm warn ${'x'.repeat(300)}\n`);
    expect(transcriptOf('lines', '  {"type":"x"}\n\n a\n')).toBe('  {"type":"x"}\n\n a\n');
    expect(transcriptOf('opencode', '')).toBe('');
  });
});

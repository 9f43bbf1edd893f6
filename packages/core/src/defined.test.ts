import { describe, expect, expectTypeOf, it } from 'vitest';
import { defined } from './defined.js';

interface Note {
  readonly message: string;
  readonly hint?: string;
  readonly line?: number | null;
}

describe('defined', () => {
  it('leaves out what is undefined, and nothing else', () => {
    const some = { hint: undefined as string | undefined, line: null as number | null | undefined };
    const note: Note = { message: '', ...defined(some) };
    expect(Object.entries(note)).toEqual([
      ['message', ''],
      ['line', null],
    ]);
    expect(Object.keys(defined({ b: 0, a: '', c: false, d: undefined }))).toEqual(['b', 'a', 'c']);
  });

  it('makes what could be undefined optional', () => {
    const some = defined({ message: 'm', hint: undefined as string | undefined });
    expectTypeOf(some).toMatchObjectType<{ message: string; hint?: string }>();
    expectTypeOf<typeof some>().toExtend<Note>();
  });
});

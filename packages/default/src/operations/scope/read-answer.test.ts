import { describe, expect, it } from 'vitest';
import { readAnswer } from './read-answer.js';

const exists = (path: string) => path === 'src/a.ts';
const read = (text: string) => readAnswer(text, exists);

describe('the answer of an agent about the files of tasks', () => {
  it('may have text around it; what is there is changed, what is not there is created', () => {
    const text =
      'Here you are:\n```json\n{"T1": {"write": ["./src/a.ts", "src/new.ts"], "create": ["src/a.ts"]}}\n```\nDone.';
    expect(read(text)?.get('T1')).toEqual({
      files: { write: ['src/a.ts'], create: ['src/new.ts'] },
      refused: [],
    });
  });

  it('keeps folders and patterns as they are named', () => {
    expect(
      read('{"T1": {"write": ["src/ui/", "src/*.css"], "delete": ["old.ts"]}}')?.get('T1')?.files,
    ).toEqual({
      write: ['src/*.css', 'src/ui/'],
      delete: ['old.ts'],
    });
  });

  it.each(['**', '**/*', '.', '/', '*', '../outside.ts', '/etc/passwd', ''])('refuses %j', (path) => {
    const answer = read(JSON.stringify({ T1: { write: [path] } }))?.get('T1');
    expect(answer?.files).toEqual({});
    expect(answer?.refused).toHaveLength(1);
  });

  it('is none where there is no JSON, and holds what it can where a part of it is wrong', () => {
    for (const text of ['', 'no', '{"a": ', '[1]', '} {']) expect(read(text)).toBeUndefined();
    const odd = read('{"T1": {"write": "src/a.ts"}, "T2": 7, "T3": {"write": ["src/a.ts"], "more": [1]}}');
    expect([...(odd ?? [])].map(([id, { files }]) => [id, files])).toEqual([
      ['T1', {}],
      ['T2', {}],
      ['T3', { write: ['src/a.ts'] }],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { withFrontMatterValue } from './front-matter-value.js';
import { withJsonLineValue, withJsonValue } from './json-value.js';
import { tickLine } from './tick-line.js';

describe('tickLine', () => {
  it.each([
    ['- [ ] a\n- [ ] b\n', 2, '- [ ] a\n- [x] b\n'],
    ['* [ ] a\r\n  1. [ ] b [ ]\r\n', 2, '* [ ] a\r\n  1. [x] b [ ]\r\n'],
    ['- [x] a', 1, '- [x] a'],
    ['text with [ ]', 1, 'text with [ ]'],
    ['- [ ] a', 7, '- [ ] a'],
  ])('%j, line %i', (text, line, expected) => expect(tickLine(text, line)).toBe(expected));
});

describe('withFrontMatterValue', () => {
  it.each([
    ['---\nid: 1\nstatus: To Do # later\n---\nText\n', '---\nid: 1\nstatus: Done # later\n---\nText\n'],
    ['---\nstatus: "In Progress"\n---\n', '---\nstatus: Done\n---\n'],
    ['---\nid: 1\n---\nstatus: no\n', '---\nid: 1\nstatus: Done\n---\nstatus: no\n'],
    ['---\r\nstatus: Open\r\n---\r\n', '---\r\nstatus: Done\r\n---\r\n'],
    ['---\nstatus:\n---\n', '---\nstatus: Done\n---\n'],
    ['---\n---\nText\n', '---\nstatus: Done\n---\nText\n'],
    ['Text\n', '---\nstatus: Done\n---\nText\n'],
    ['Text\n\n---\nstatus: open\n---\n', '---\nstatus: Done\n---\nText\n\n---\nstatus: open\n---\n'],
  ])('%j', (text, expected) => {
    expect(withFrontMatterValue(text, 'status', 'Done')).toBe(expected);
    expect(withFrontMatterValue(expected, 'status', 'Done')).toBe(expected);
  });
});

describe('withJsonValue', () => {
  it.each([
    ['{"status":"open","id":1}', [], '{"status":"done","id":1}'],
    ['{"id":1}', [], '{"id":1,"status":"done"}'],
    ['{"id":1,"b":[2]}', [], '{"id":1,"b":[2],"status":"done"}'],
    ['{}', [], '{"status": "done"}'],
    [
      '[\r\n\t{\r\n\t\t"id": 1,\r\n\t\t"a" : 2\r\n\t}\r\n]\r\n',
      [0],
      '[\r\n\t{\r\n\t\t"id": 1,\r\n\t\t"a" : 2,\r\n\t\t"status" : "done"\r\n\t}\r\n]\r\n',
    ],
    ['{"a": [{ "id": 1, "x": {} }]}', ['a', 0], '{"a": [{ "id": 1, "x": {}, "status": "done" }]}'],
    ['{"a": "\\u00e9", "status":   null }', [], '{"a": "\\u00e9", "status":   "done" }'],
    ['{"a": [1]}', ['a', 0], '{"a": [1]}'],
    ['no JSON', [], 'no JSON'],
  ])('%j at %j', (text, path, expected) => {
    expect(withJsonValue(text, path, 'status', 'done')).toBe(expected);
    expect(withJsonValue(expected, path, 'status', 'done')).toBe(expected);
  });

  it('changes one line of a JSONL text', () => {
    const text = '{"id":1}\r\n\r\n{"id":2,"status":"open"}\r\n{"id":3}';
    expect(withJsonLineValue(text, 3, 'status', 'done')).toBe(
      '{"id":1}\r\n\r\n{"id":2,"status":"done"}\r\n{"id":3}',
    );
    expect(withJsonLineValue(text, 9, 'status', 'done')).toBe(text);
  });
});

import { describe, expect, it } from 'vitest';
import { withFrontMatterValue } from './front-matter-value.js';
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

import { describe, expect, it } from 'vitest';
import { boxesToTick, hashOf, partOf } from './list-tasks.js';
import { parseChecklist } from './parse-checklist.js';
import { groupParts, leafParts, type Part, rootParts, sectionParts } from './parts.js';

const numbers = (parts: readonly Part[]) => parts.map(({ number }) => number);
const groups = (text: string) => numbers(groupParts(parseChecklist(text)));

describe('parseChecklist', () => {
  it.each([
    ['- [ ] 1. One', '1', 'One'],
    ['* [ ] 1.2 One', '1.2', 'One'],
    ['- [ ] **1.2** One', '1.2', 'One'],
    ['- [ ] **1. One**', '1', 'One'],
    ['+ [ ] 9a.1: One', '9a.1', 'One'],
    ['1. [ ] T.1 One', 'T.1', 'One'],
    ['- [ ] 1.0 One', '1', 'One'],
    ['- [ ] 2 new fields', undefined, '2 new fields'],
    ['- [ ] 3D view', undefined, '3D view'],
    ['- [ ] **One** - all of it', undefined, 'One - all of it'],
  ])('%j is number %s', (text, number, words) => {
    const [item] = parseChecklist(text).roots;
    expect([item?.number, item?.text]).toEqual([number, words]);
  });

  it.each([
    ['- [x] a', true, false],
    ['- [X] a', true, false],
    ['- [-] a', false, false],
    ['- [~] a', false, false],
    ['- [ ]* 2.3 a', false, true],
  ])('%j is ticked: %s, optional: %s', (text, ticked, optional) => {
    expect(parseChecklist(text).roots).toMatchObject([{ ticked, optional }]);
  });

  it('passes over code, comments and other lists', () => {
    const text = '- a\n```\n- [ ] b\n```\n<!--\n- [ ] c\n-->\n- [ ]\n- [?] d\n[ ] e\n';
    expect(parseChecklist(text).roots).toEqual([]);
  });

  it('puts an item below the one that it is indented below, or whose number it begins with', () => {
    const { roots } = parseChecklist(
      '- [ ] 1. a\n\n  text\n\n  - [ ] b\n- [ ] 1.1 c\n- [ ] 2. d\n\t- [ ] e\n',
    );
    expect(roots.map(({ children }) => children.map(({ text }) => text))).toEqual([['b', 'c'], ['e']]);
    expect(roots.map(({ line, lastLine }) => [line, lastLine])).toEqual([
      [1, 5],
      [7, 8],
    ]);
  });

  it('reads any text in a moment', () => {
    const deep = Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}- [ ] a`).join('\n');
    for (const text of ['- [ ] a\n'.repeat(20_000), '# 1. a\n- [ ] 1.1 b\n'.repeat(10_000), deep]) {
      const list = parseChecklist(text);
      for (const cut of [groupParts, rootParts, leafParts, sectionParts])
        expect(cut(list).length).toBeGreaterThan(0);
    }
  });
});

describe('the parts of a list', () => {
  it.each([
    ['each box that is not below another', '# Plan\n- [ ] 1. a\n  - [ ] 1.1 b\n- [ ] 2. c\n', ['1', '2']],
    ['a heading that is numbered as its boxes', '## 1. Set up\n- [ ] 1.1 a\n- [ ] 1.2 b\n', ['1']],
    [
      'a numbered heading over boxes without',
      '### Task 1.2: A\n- [ ] a\n### Task A1: B\n- [ ] b\n',
      ['1.2', 'A1'],
    ],
    ['a task group with its own box', '#### Task Group 2: A\n- [ ] 2.0 a\n  - [ ] 2.1 b\n', ['2']],
    ['no phase', '## Phase 1: A\n- [ ] a\n- [ ] b\n## Phase 2\n- [ ] 2.1 c\n', ['1.1', '1.2', '2.1']],
    ['no heading that only counts along', '## 1. A\n- [ ] 1. a\n- [ ] 2. b\n', ['1', '2']],
    ['no criteria', '- [ ] a\n## Acceptance Criteria\n- [ ] b\n## Definition of Done\n- [ ] c\n', ['1']],
    ['boxes that repeat a number', '## A\n- [ ] 1. a\n## B\n- [ ] 1. b\n', ['1', '1-2']],
  ])('%s', (_, text, expected) => {
    expect(groups(text)).toEqual(expected);
    expect(groups(text.replaceAll('[ ]', '[x]'))).toEqual(expected);
  });

  it('has the title, the lines and the phase of each', () => {
    const list = parseChecklist(
      '# Plan\n\n## Phase 2: Core\n\n- [ ] a\n  more\n\n### Task 3: Last\n\ntext\n\n- [ ] b\n',
    );
    expect(groupParts(list)).toMatchObject([
      { title: 'a', firstLine: 5, lastLine: 6, phase: 'Phase 2: Core' },
      { title: 'Last', firstLine: 8, lastLine: 13 },
    ]);
  });

  it('numbers what has no number by its place', () => {
    const list = parseChecklist('- [ ] a\n  - [ ] b\n  - [ ] c\n    - [ ] d\n- [ ] 7. e\n  - [ ] f\n');
    expect(numbers(leafParts(list))).toEqual(['1.1', '1.2.1', '7.1']);
    expect(numbers(sectionParts(list))).toEqual(['1']);
  });
});

describe('a part that is done', () => {
  const text = '- [ ] 1. a\n  - [ ] 1.1 b\n  - [~] 1.2 c\n    - [ ] d\n  - [ ]* 1.3 e\n';
  const tick = (number: string, withOptional = false, own = text) => {
    const list = parseChecklist(own);
    const part = [...groupParts(list), ...leafParts(list)].find((one) => one.number === number);
    return part ? boxesToTick(list, part, withOptional) : [];
  };

  it('has its boxes ticked, and what is then finished above them', () => {
    expect([...tick('1')].sort()).toEqual([1, 2, 3, 4]);
    expect([...tick('1', true)].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(tick('1.1')).toEqual([2]);
    expect(tick('1.2.1')).toEqual([4, 3]);
    expect(tick('1.2.1', false, text.replace('[ ] 1.1', '[x] 1.1'))).toEqual([4, 3, 1]);
    expect(tick('1.3')).toEqual([5]);
  });

  it('is found by its number, or by its words where numbers only count along', () => {
    const find = (list: string, id: string, title: string) =>
      partOf({ id, title, specs: [], dependsOn: [] }, groupParts(parseChecklist(list)))?.title;
    expect(find('- [ ] 1. a\n- [ ] 2. b\n', 'x-2', 'old words')).toBe('b');
    expect(find('- [ ] new\n- [ ] a\n- [ ] b\n', 'x-1', 'a')).toBe('a');
    expect(find('- [ ] 1. new\n- [ ] 2. a\n', 'x-1', 'a')).toBe('a');
    expect(find('- [ ] new\n', 'x-1', 'a')).toBeUndefined();
    expect(find('- [ ] a\n- [ ] a\n- [ ] b\n', 'x-7', 'a')).toBeUndefined();
  });

  it('has the same hash whichever boxes are ticked', () => {
    expect(hashOf('- [x] a\n  1. [~] b\n')).toBe(hashOf('- [ ] a\n  1. [ ] b\n'));
    expect(hashOf('- [x] a\n')).not.toBe(hashOf('- [x] b\n'));
  });
});

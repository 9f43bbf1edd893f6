import { describe, expect, it } from 'vitest';
import { candidateIds, existingIds, selectIds } from './select-ids.js';

const normalise = (id: string) => [id, id.replace(/^US-0*/, ''), id.toUpperCase()];
const select = (typed: string[], there: string[]) =>
  existingIds(
    selectIds(typed, normalise),
    there.map((id) => ({ id })),
    'hint',
  );

describe('ids as users type them', () => {
  it.each([
    [
      ['20', '21'],
      ['20', '21', '22'],
      ['20', '21'],
    ],
    [['20,21'], ['20', '21'], ['20', '21']],
    [['20-22'], ['20', '22', '30'], ['20', '22']],
    [['US-020'], ['20'], ['20']],
    [['tp-1'], ['20', 'TP-1'], ['TP-1']],
    [['tp-1'], ['TP-1', 'tp-1'], ['tp-1']],
    [
      ['21', '20-21'],
      ['20', '21'],
      ['21', '20'],
    ],
    [['2-5'], ['2-5', '2', '3'], ['2-5']],
    [['2-5'], ['2', '3'], ['2', '3']],
    [['T039-T041'], ['T039', 'T040', 'T042'], ['T039', 'T040']],
    [['t039-41'], ['T039', 'T040', 'T042'], ['T039', 'T040']],
    [['001-T039-T040'], ['001-T039', '001-T040', '002-T039'], ['001-T039', '001-T040']],
    [['001-T9-001-T10'], ['001-T9', '001-T10'], ['001-T9', '001-T10']],
    [['TP-7-9'], ['TP-7', 'TP-9', 'TP-10'], ['TP-7', 'TP-9']],
  ])('%j among %j: %j', (typed, there, expected) => {
    expect(select(typed, there)).toEqual(expected);
  });

  it.each([[['9']], [['7-8']], [['8-7']], [['1-99999999']]])(
    'refuses %j when nothing is called so',
    (typed) => {
      expect(() => select(typed, ['20'])).toThrow(
        expect.objectContaining({ code: 'PWT_TASK_UNKNOWN', data: { ids: typed } }),
      );
    },
  );

  it('asks for everything that could be meant', () => {
    expect(candidateIds(selectIds(['2-4', '9'], normalise))).toEqual(['2-4', '2', '3', '4', '9']);
  });

  it('names several unknown ones in one sentence', () => {
    expect(() => select(['1', '2'], [])).toThrow('There are no tasks 1, 2.');
    expect(() => select(['1'], [])).toThrow('There is no task 1.');
  });

  it('refuses a range of different texts', () => {
    expect(() => select(['A1-B3'], ['A1', 'A2', 'B3'])).toThrow('There is no task A1-B3.');
  });
});

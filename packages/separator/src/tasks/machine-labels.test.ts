import { describe, expect, it } from 'vitest';
import { readMachineLabels } from './machine-labels.js';

describe('readMachineLabels', () => {
  const labels = { gpu: '1', os: 'linux' };

  it.each([
    [{ gpu: '1', os: 'linux' }],
    [{ gpu: 1, os: ' linux ' }],
    [['gpu=1', ' os = linux ']],
    ['gpu=1, os=linux'],
  ])('reads %j', (value) => expect(readMachineLabels(value)).toEqual({ labels }));

  it.each([undefined, null, '', [], {}])('takes %j for nothing', (value) =>
    expect(readMachineLabels(value)).toEqual({ labels: undefined }),
  );

  it.each([
    ['linux', '"linux" is no label: write name=value'],
    [['gpu'], '"gpu" is no label: write name=value'],
    [['gpu=1', 7], '7 is no label: write name=value'],
    [7, '7 is no label: write name=value'],
    [{ gpu: [1] }, 'the label "gpu" has no plain value'],
    [['gpu=1', 'gpu=2'], 'the label gpu is there twice'],
    ['=1', '"" is no label: letters, digits and ._/+-, at most 63'],
    ['gpu=', '"" is no label: letters, digits and ._/+-, at most 63'],
    ['os=$(rm)', '"$(rm)" is no label: letters, digits and ._/+-, at most 63'],
    [{ 'a\u001b[31m': '1' }, '"a\\u001b[31m" is no label: letters, digits and ._/+-, at most 63'],
    [JSON.parse('{"__proto__": "1"}'), '"__proto__" is no label: letters, digits and ._/+-, at most 63'],
  ])('refuses %j', (value, problem) => expect(readMachineLabels(value)).toEqual({ problem }));

  it('refuses what is too long or too much', () => {
    const long = readMachineLabels({ os: 'x'.repeat(64) });
    expect(long).toMatchObject({ problem: expect.stringContaining('at most 63') });
    expect('problem' in long && long.problem.length).toBeLessThan(130);
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`l${at}`, '1']));
    expect(readMachineLabels(many)).toEqual({ problem: 'it has more than 10 labels' });
  });
});

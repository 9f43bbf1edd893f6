import { describe, expect, it } from 'vitest';
import { literalsOf } from './literals.js';
import { commandsIn } from './scan.js';

describe('the literals of a source', () => {
  it('are what stands between quotes, with a hole for each value', () => {
    const source = [
      "const a = 'it\\'s'; // 'no literal'",
      "/* 'none' */ const b = `x ${f(`y ${z}`, { k: 'in' })} w`;",
      "const c = /['\"`/]/.test(a) ? 6 / 2 : `${'}'}`;",
    ].join('\n');
    expect(literalsOf(source).map(({ text, line }) => [line, text])).toEqual([
      ...[
        [1, "it's"],
        [2, 'y …'],
        [2, 'in'],
        [2, 'x … w'],
      ],
      ...[
        [3, '}'],
        [3, '…'],
      ],
    ]);
  });
});

describe('the commands of a message', () => {
  const commands = (text: string) => commandsIn(text).map(({ command }) => command);

  it('end where the sentence goes on', () => {
    expect(commands('Make it first: git branch -- …, or name another one.')).toEqual(['git branch -- …']);
    expect(commands('If it has landed: git branch -d …. To keep it: git branch -m … …')).toEqual([
      'git branch -d …',
      'git branch -m … …',
    ]);
    expect(commands('Abort it (git -C … rebase --abort), then run: pwt land')).toEqual([
      'git -C … rebase --abort',
      'pwt land',
    ]);
    expect(commands('See `pwt status --all`. Or `pwt doctor`')).toEqual(['pwt status --all', 'pwt doctor']);
  });

  it('are none where pwt or git is only spoken of', () => {
    expect(commands('git refuses …: pwt has no record of it')).toEqual([]);
    expect(commands('the upwt status is npm-like')).toEqual([]);
  });
});

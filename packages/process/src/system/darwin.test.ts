import { describe, expect, it } from 'vitest';
import {
  parseCommands,
  parseEnvironments,
  parseFolders,
  parsePlaces,
  parseState,
  parseTable,
} from './darwin.js';

describe('the output of ps on macOS', () => {
  it('is read row by row', () => {
    const text = [
      '    1     0     1 Ss    12345   1:02.50 Sat Nov  7 08:00:00 2026    ',
      '  501     1   500 T      2048 2-03:04:05.00 Sat Nov  7 09:10:11 2026    ',
      '  502   501   500 Z         0   0:00.00 Sat Nov  7 09:10:12 2026    ',
      '',
    ].join('\n');
    expect(parseTable(text)).toEqual([
      expect.objectContaining({ pid: 1, ppid: 0, pgid: 1, cpuMs: 62_500, rssBytes: 12_345 * 1024 }),
      expect.objectContaining({
        pid: 501,
        zombie: false,
        cpuMs: (((2 * 24 + 3) * 60 + 4) * 60 + 5) * 1000,
        startTime: 'Sat Nov 7 09:10:11 2026',
      }),
      expect.objectContaining({ pid: 502, zombie: true }),
    ]);
  });

  it('gives a start time in the same form for one process, and none for a zombie', () => {
    expect(parseState('S+   Sat Nov  7 09:10:11 2026    \n')).toBe('Sat Nov 7 09:10:11 2026');
    expect(parseState('Z    Sat Nov  7 09:10:11 2026\n')).toBeUndefined();
    expect(parseState('\n')).toBeUndefined();
  });

  it('shows the marks behind the command', () => {
    const text = '  77 node agent.js PATH=/bin PWT_MARK=outer,inner HOME=/Users/x\n  78 sleep 5 PATH=/bin\n';
    expect(parseEnvironments(text)).toEqual(new Map([[77, ['outer', 'inner']]]));
  });

  it('gives command lines with their start, and folders as lsof shows them', () => {
    expect(parseCommands('  77 Sat Nov  7 09:10:11 2026     git -C /r status\n\n')).toEqual([
      {
        pid: 77,
        startedAt: Date.UTC(2026, 10, 7, 9, 10, 11),
        args: ['git', '-C', '/r', 'status'],
        cwd: undefined,
        environment: [],
      },
    ]);
    expect(parseFolders('p77\nfcwd\nn/some where\np78\nfcwd\nn/x\n')).toEqual(
      new Map([
        [77, '/some where'],
        [78, '/x'],
      ]),
    );
  });

  it('shows where processes are', () => {
    const text = 'p77\ncnode\nfcwd\nn/repo-wt20/a b\nfrtd\nn/\np78\nczsh\nfcwd\nn/\n';
    expect(parsePlaces(text)).toEqual([
      { pid: 77, name: 'node', folders: ['/repo-wt20/a b', '/'] },
      { pid: 78, name: 'zsh', folders: ['/'] },
    ]);
  });
});

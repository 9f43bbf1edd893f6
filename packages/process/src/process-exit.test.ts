import { expect, it } from 'vitest';
import { parseExitRecord } from './process-exit.js';

it('reads what the supervisor writes, and nothing else', () => {
  expect(parseExitRecord('exited      0\n')).toEqual({ kind: 'exited', exitCode: 0 });
  expect(parseExitRecord('exited    127\n')).toEqual({ kind: 'exited', exitCode: 127 });
  expect(parseExitRecord('exited    128\n')).toEqual({ kind: 'exited', exitCode: 128 });
  // 401 as an exit code, as one agent does on a refused key: 145 is 128 + SIGCHLD, which ends no process.
  expect(parseExitRecord(`exited    ${401 % 256}\n`)).toEqual({ kind: 'exited', exitCode: 145 });
  expect(parseExitRecord('exited    137\n')).toEqual({ kind: 'signalled', signal: 'SIGKILL', exitCode: 137 });
  expect(parseExitRecord('exited    255\n')).toEqual({ kind: 'exited', exitCode: 255 });
  expect(parseExitRecord('unstarted 126\n')).toMatchObject({ kind: 'spawn-failed' });
  for (const text of ['', 'reserved    0\n', 'exited    1', 'exited \n']) {
    expect(parseExitRecord(text)).toBeUndefined();
  }
});

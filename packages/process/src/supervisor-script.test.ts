import { readdir, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { Scene } from '../test/scene.js';
import { env, linesOf, makeFifo, openGate, shells } from '../test/support.js';
import { findResidents, startSupervised } from './index.js';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe.each(shells.map((shell) => ({ name: shell.join(' '), shell })))(
  'a supervisor in $name',
  ({ shell }) => {
    it('gives the command its arguments, directory, environment and stdin, and keeps its output', async () => {
      const odd = 'a "b" $(touch pwned) `x`; *\n\\';
      const stdinFile = scene.path('in');
      await writeFile(stdinFile, 'first\nsecond\n');
      const script = `
      const { argv, env } = process;
      const stdin = require('node:fs').readFileSync(0, 'utf8');
      const { ODD, PWD, OLDPWD, PWT_MARK: mark } = env;
      console.log(JSON.stringify({ arg: argv[1], cwd: process.cwd(), stdin, ODD, PWD, OLDPWD, mark }));
      console.error('warned');
    `;
      const command = {
        command: process.execPath,
        args: ['-e', script, odd],
        env: { ...env, ODD: odd },
        stdinFile,
      };
      const run = await scene.start('', { ...command, shell });
      expect(await run.exited).toEqual({ kind: 'exited', exitCode: 0 });
      const seen = JSON.parse(await scene.read('out'));
      const cwd = scene.root;
      expect(seen).toEqual({ arg: odd, cwd, stdin: 'first\nsecond\n', ODD: odd, PWD: cwd, mark: run.mark });
      expect(await scene.read('err')).toBe('warned\n');
      expect((await readdir(scene.root)).sort()).toEqual(['err', 'in', 'out', 'state']);
      expect((await readdir(run.dir)).sort()).toEqual(['command', 'exit', 'lease']);
    });

    it('leaves the directory to the command alone: nothing of its own is ever among what that has left there', async () => {
      const gate = makeFifo(scene.path('gate'));
      const run = await scene.start('echo yes >ready; read line <gate', { shell });
      await linesOf(scene.path('ready'), 1);
      const members = await run.members();
      expect((await findResidents(scene.root)).map(({ pid }) => pid)).toEqual(members.map(({ pid }) => pid));
      expect(members).toHaveLength(1);
      await openGate(gate);
      expect(await run.exited).toEqual({ kind: 'exited', exitCode: 0 });
    });

    it.each([
      ['exit 0', { kind: 'exited', exitCode: 0 }],
      ['exit 1', { kind: 'exited', exitCode: 1 }],
      ['exit 127', { kind: 'exited', exitCode: 127 }],
      ['kill -KILL $$', { kind: 'signalled', signal: 'SIGKILL', exitCode: 137 }],
      ['kill -INT $$', { kind: 'signalled', signal: 'SIGINT', exitCode: 130 }],
    ])('records %s, for its starter and for one that comes later', async (text, expected) => {
      const run = await scene.start(text, { shell });
      expect(await run.exited).toEqual(expected);
      expect(await (await scene.attach()).exited).toEqual(expected);
    });

    it('does not leave SIGINT ignored, and survives signals meant for its group', async () => {
      const text = 'trap "echo got; exit 3" INT; echo yes >ready; while :; do sleep 0.01; done';
      const run = await scene.start(text, { shell });
      await linesOf(scene.path('ready'), 1);
      process.kill(run.identity.pid, 'SIGTERM');
      process.kill(run.identity.pid, 'SIGHUP');
      process.kill(-run.identity.pid, 'SIGINT');
      expect(await run.exited).toEqual({ kind: 'exited', exitCode: 3 });
      expect(await scene.read('out')).toBe('got\n');
    });

    it('nests its mark in the one that it was given', async () => {
      const run = await scene.start('echo "$PWT_MARK"', { shell, env: { ...env, PWT_MARK: 'outer' } });
      await run.exited;
      expect(await scene.read('out')).toBe(`outer,${run.mark}\n`);
    });

    it('starts exactly one of two commands that want one directory', async () => {
      const requests = Array.from({ length: 6 }, () => scene.request('echo ran >>ran', { shell }));
      const outcomes = await Promise.all(requests.map(startSupervised));
      const winners = outcomes.filter((outcome) => outcome.status === 'supervised');
      const losers = outcomes.filter((outcome) => outcome.status === 'lease-taken');
      expect(winners).toHaveLength(1);
      for (const loser of losers)
        expect(loser).toMatchObject({ by: 'supervisor', identity: winners[0]?.identity });
      expect(await winners[0]?.exited).toEqual({ kind: 'exited', exitCode: 0 });
      expect(await scene.read('ran')).toBe('ran\n');
      expect((await readdir(scene.dir)).sort()).toEqual(['command', 'exit', 'lease']);
    });
  },
);

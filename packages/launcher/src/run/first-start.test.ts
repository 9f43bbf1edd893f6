import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makePlace } from '../../test/support.js';
import { FirstStarts, type Installation } from './first-start.js';

let root: string;
let installation: Installation;
let started: string[];

beforeEach(async () => {
  root = (await makePlace()).root;
  const program = join(root, 'agent');
  await writeFile(program, 'version 1');
  installation = { agent: 'opencode', program, home: join(root, 'home') };
  started = [];
});

/** An agent that the test steers. */
function agent(name: string) {
  let end: () => void = () => undefined;
  const exited = new Promise<void>((resolve) => {
    end = resolve;
  });
  const stdout = join(root, `${name}.log`);
  return {
    end,
    print: () => appendFile(stdout, 'hello\n'),
    start: async (hasWaited: boolean) => {
      started.push(hasWaited ? `${name} after a wait` : name);
      return { run: name, first: { stdout, exited } };
    },
  };
}

const folder = () => join(root, 'started');

describe('FirstStarts', () => {
  it('lets the first agent on a home start alone until it prints something, and no other', async () => {
    const starts = new FirstStarts(folder());
    const [one, two, three] = [agent('one'), agent('two'), agent('three')];
    await starts.start(installation, undefined, one.start);
    const waiting = [two, three].map(({ start }) => starts.start(installation, undefined, start));
    await starts.start({ ...installation, home: '/elsewhere' }, undefined, agent('elsewhere').start);
    expect(started).toEqual(['one', 'elsewhere']);
    await one.print();
    await Promise.all(waiting);
    // Both have waited for the same: which of them is first is left open.
    expect(started.slice(2).sort()).toEqual(['three after a wait', 'two after a wait']);
  });

  it('remembers it for later runs, and not for another version of the program', async () => {
    const first = agent('first');
    await first.print();
    const starts = new FirstStarts(folder());
    await starts.start(installation, undefined, first.start);
    await starts.start(installation, undefined, agent('second').start);
    const later = new FirstStarts(folder());
    await later.start(installation, undefined, agent('a').start);
    await later.start(installation, undefined, agent('b').start);
    expect(started.slice(2)).toEqual(['a', 'b']);
    await writeFile(installation.program, 'version 2.0');
    const updated = agent('updated');
    await later.start(installation, undefined, updated.start);
    const next = later.start(installation, undefined, agent('next').start);
    await updated.print();
    await next;
    expect(started.slice(4)).toEqual(['updated', 'next after a wait']);
  });

  it('lets the next one go first where the first one ends without a word, or does not start', async () => {
    const starts = new FirstStarts(folder());
    const first = agent('first');
    await starts.start(installation, undefined, first.start);
    const [second, third] = [agent('second'), agent('third')];
    const waiting = starts.start(installation, undefined, second.start);
    first.end();
    await waiting;
    const last = starts.start(installation, undefined, third.start);
    await second.print();
    await last;
    expect(started).toEqual(['first', 'second after a wait', 'third after a wait']);
    const failing = new FirstStarts(join(root, 'other'));
    const error = new Error('no such program');
    await expect(failing.start(installation, undefined, () => Promise.reject(error))).rejects.toBe(error);
    await failing.start(installation, undefined, agent('fourth').start);
    expect(started.at(-1)).toBe('fourth');
  });

  it('ends the wait when the run is stopped', async () => {
    const starts = new FirstStarts(undefined);
    const first = agent('first');
    await starts.start(installation, undefined, first.start);
    const stop = new AbortController();
    const waiting = starts.start(installation, stop.signal, agent('second').start);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'PWT_ABORTED' });
    first.end();
    expect(started).toEqual(['first']);
  });
});

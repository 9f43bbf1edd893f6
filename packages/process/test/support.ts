import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from '@pwt/core';
import { afterEach } from 'vitest';
import { identify, sweep } from '../src/index.js';

/** The environment of scripted children: the host's PATH and nothing else. */
export const env: Record<string, string> = { PATH: process.env.PATH ?? '/usr/bin:/bin' };

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs after the test, also when it fails. */
export function onCleanup(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** A fresh directory, removed after the test. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'pwt-process-'));
  onCleanup(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Ends whatever carries this mark after the test. */
export function sweptMark(mark: string): string {
  onCleanup(() => sweep(mark, { graceMs: 0 }));
  return mark;
}

/** A named pipe: a child that reads it waits until the test {@link openGate | opens} it. */
export function makeFifo(path: string): string {
  execFileSync('mkfifo', [path]);
  return path;
}

export async function openGate(fifo: string): Promise<void> {
  await writeFile(fifo, 'go\n');
}

/** The lines of a file, as soon as it has that many. */
export async function linesOf(path: string, count: number): Promise<string[]> {
  for (;;) {
    const text = existsSync(path) ? await readFile(path, 'utf8') : '';
    const lines = text.split('\n').slice(0, -1);
    if (lines.length >= count) return lines;
    await delay(2);
  }
}

/** The identities of processes that wrote their pids, one per line. */
export async function identitiesIn(path: string, count: number): Promise<ProcessIdentity[]> {
  const lines = await linesOf(path, count);
  return lines.map((line) => {
    const identity = identify(Number(line));
    if (identity === undefined) throw new Error(`process ${line} is not running`);
    return identity;
  });
}

/** The shells at hand that the supervisor must work in, each with its arguments and once. */
export const shells: (readonly [string, ...string[]])[] = (
  [
    ['/bin/sh'],
    ['/bin/dash'],
    ['/bin/bash', '--posix'],
    ['/bin/busybox', 'ash'],
    ['/usr/bin/busybox', 'ash'],
  ] as const
).filter(([path], index, all) => {
  const isSame = ([other]: readonly string[]): boolean =>
    other !== undefined && existsSync(other) && realpathSync(other) === realpathSync(path);
  return existsSync(path) && all.findIndex(isSame) === index;
});

if (!shells.some(([path]) => path.endsWith('busybox'))) {
  console.warn('busybox is not installed: the supervisor is not tested in its ash');
}

import { describe, expect, it } from 'vitest';
import { SharedTable } from './shared-table.js';
import type { ProcessEntry, ProcessSystem } from './system.js';

/** A system whose looks the test ends one by one. */
class SteeredSystem implements ProcessSystem {
  readonly looks: { resolve(table: ProcessEntry[]): void; reject(error: Error): void }[] = [];
  bootId = (): string => 'boot';
  startTime = (): undefined => undefined;
  programs = (): Promise<never[]> => Promise.resolve([]);
  holders = (): Promise<never[]> => Promise.resolve([]);
  places = async (): Promise<[]> => [];
  origin = (): undefined => undefined;
  table = (): Promise<ProcessEntry[]> =>
    new Promise((resolve, reject) => {
      this.looks.push({ resolve, reject });
    });
}

describe('SharedTable', () => {
  it('shares one look among all that asked during the one before', async () => {
    const system = new SteeredSystem();
    const table = new SharedTable(system);
    const first = table.read();
    const [second, third] = [table.read(), table.read()];
    expect(system.looks).toHaveLength(1);
    system.looks[0]?.resolve([]);
    const early = await first;
    await expect.poll(() => system.looks.length).toBe(2);
    const fourth = table.read();
    system.looks[1]?.resolve([]);
    expect(await second).toBe(await third);
    expect(await second).not.toBe(early);
    await expect.poll(() => system.looks.length).toBe(3);
    system.looks[2]?.resolve([]);
    expect(await fourth).not.toBe(await third);
  });

  it('looks again after a failure', async () => {
    const system = new SteeredSystem();
    const table = new SharedTable(system);
    const [first, second] = [table.read(), table.read()];
    system.looks[0]?.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await expect.poll(() => system.looks.length).toBe(2);
    system.looks[1]?.resolve([]);
    expect(await second).toEqual([]);
  });
});

import { type ResourceSample, systemClock } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { WorkerLog } from './log.js';
import { Room } from './room.js';
import { Slots } from './slots.js';

const free: ResourceSample = {
  ...{ cpuPercent: 1, memoryPercent: 1, cpuCount: 4 },
  ...{ memoryTotalBytes: 100, memoryAvailableBytes: 99, diskTotalBytes: 100, diskAvailableBytes: 50 },
};

async function roomWith(sample: Partial<ResourceSample>) {
  const [slots, gateSlots] = [new Slots(2), new Slots(1)];
  const said: string[] = [];
  const changed = new Promise<void>((resolve) => {
    const room = new Room({
      ...{ slots, gateSlots, clock: systemClock },
      monitor: { name: 'fixed', sample: async () => ({ ...free, ...sample }) },
      limits: { maxCpuPercent: 80, maxMemoryPercent: 80, minDiskBytes: 10 },
      log: new WorkerLog(({ text }) => void said.push(text)),
      onChange: resolve,
    });
    made = room;
  });
  made?.start();
  await changed;
  made?.stop();
  return { room: made as Room, slots, said };
}
let made: Room | undefined;

describe('the room of a worker', () => {
  it('is for one task alone while the machine is busy', async () => {
    const { room, slots, said } = await roomWith({ memoryPercent: 95 });
    expect([room.of('task'), room.of('gate')]).toEqual([1, 1]);
    slots.reserve('a');
    expect([room.of('task'), room.of('gate')]).toEqual([0, 1]);
    expect(said).toEqual(['takes nothing for now: memory at 95 % (limit 80 %)']);
  });

  it('is for none on a full disk', async () => {
    const { room } = await roomWith({ diskAvailableBytes: 5 });
    expect([room.of('task'), room.of('gate')]).toEqual([0, 0]);
  });
});

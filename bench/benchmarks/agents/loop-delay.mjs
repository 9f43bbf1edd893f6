// Loaded into pwt before it starts: on SIGUSR2 it writes how late the event loop was since the last time, and starts over.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { env } from 'node:process';

/** How often the event loop is asked; the delays that are measured contain it. */
const RESOLUTION_MS = 20;

const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();
let times = 0;
process.on('SIGUSR2', () => {
  times += 1;
  const lateMs = Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS);
  const cpuMs = (process.cpuUsage().user + process.cpuUsage().system) / 1000;
  writeFileSync(`${env.BENCH_LOOP_DELAY}-${times}`, JSON.stringify({ lateMs, cpuMs }));
  delays.reset();
});

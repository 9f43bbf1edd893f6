import { agents } from './agents.mjs';
import { fleet } from './fleet.mjs';
import { gates } from './gates.mjs';
import { latency } from './latency.mjs';
import { observe } from './observe.mjs';
import { overhead } from './overhead.mjs';
import { overlapTools } from './overlap-tools.mjs';
import { peers } from './peers.mjs';
import { queue } from './queue.mjs';
import { radar } from './radar.mjs';
import { scope } from './scope.mjs';
import { soak } from './soak.mjs';
import { startup } from './startup.mjs';
import { workers } from './workers.mjs';
import { workersLoad } from './workers-load.mjs';

/**
 * @typedef {object} Benchmark
 * @property {string} name
 * @property {true} [onlyByName] It takes long: it runs only where it is asked for.
 * @property {(options: BenchmarkOptions) => Promise<import('../lib/table.mjs').Table[]>} run
 *
 * @typedef {object} BenchmarkOptions
 * @property {number | undefined} [rounds] How often each variant is measured, instead of the benchmark's own choice.
 * @property {string | undefined} [specs] A folder of real specs, where a benchmark can use one.
 * @property {number | undefined} [tasks] How many tasks, where a benchmark runs many.
 */

/** Every benchmark, in the order in which they run. @type {readonly Benchmark[]} */
export const benchmarks = [
  startup,
  observe,
  latency,
  radar,
  overhead,
  gates,
  agents,
  scope,
  overlapTools,
  queue,
  soak,
  fleet,
  workers,
  workersLoad,
  peers,
];

import { runFleet } from '/tmp/w/h12-model/bench/benchmarks/fleet/run-fleet.mjs';
const [t,w]=process.argv.slice(2).map(Number);
const r=await runFleet({tasks:t,workers:w});
console.log({...r, usPerEvent: r.cpuMs*1000/r.events, usPerTask:r.cpuMs*1000/t, rssMB:r.peakBytes/1e6});process.exit(0)

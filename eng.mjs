import { runEngine } from '/tmp/w/h12-model/bench/benchmarks/fleet/run-engine.mjs';
const [t,w]=process.argv.slice(2).map(Number);
const r=await runEngine({tasks:t,workers:w,append:()=>{}});
console.log(r, (r.reducerMs+r.schedulerMs+r.journalMs)*1000/r.events);process.exit(0)

export { topologicalOrder } from './graph.js';
export { schedulableTasks } from './plan-schedule.js';
export type { RiskEstimate } from './risk.js';
export { Scheduler } from './scheduler.js';
export { simulate } from './simulate.js';

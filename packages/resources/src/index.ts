export type { MeterClock } from './cpu-meter.js';
export type { Host } from './host.js';
/** @public */
export { inspectMachine, type MachineCapacity } from './machine.js';
export { SystemResourceMonitor, type SystemResourceMonitorOptions } from './system-resource-monitor.js';

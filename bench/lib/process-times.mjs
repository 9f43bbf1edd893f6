import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

let ticks = 0;

/**
 * What a process has used so far, where `/proc` says it.
 *
 * @param {number | undefined} pid
 * @returns {{ownCpuMs: number, childrenCpuMs: number, peakMegabytes: number} | undefined} `undefined` once it is gone
 */
export function readUsage(pid) {
  ticks ||= Number(execFileSync('getconf', ['CLK_TCK']).toString());
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ms = (/** @type {number} */ at) => (Number(fields[at]) * 1000) / ticks;
    const [, kilobytes = 0] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return {
      ownCpuMs: ms(11) + ms(12),
      childrenCpuMs: ms(13) + ms(14),
      peakMegabytes: Number(kilobytes) / 1024,
    };
  } catch {
    return undefined;
  }
}

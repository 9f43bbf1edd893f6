import { randomInt } from 'node:crypto';

/** A new run id, `YYYYMMDD-HHMMSS-xxxx` in UTC: sorts by time, unique enough for one repository. */
export function createRunId(now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').slice(0, 15).replace('T', '-');
  return `${stamp}-${randomInt(36 ** 4)
    .toString(36)
    .padStart(4, '0')}`;
}

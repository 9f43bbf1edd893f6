/** @typedef {import('@pwt/core').RunEvent} RunEvent */

/**
 * @typedef {object} Sample
 * @property {number} landed How many tasks have landed by then.
 * @property {number} bytes
 * @property {number} dataBytes
 * @property {number} keys
 * @property {number} cpuMs
 * @property {number} commands
 */

const SAMPLES = 10;

/**
 * Looks at Redis at the beginning, about each tenth of a run, and at the end.
 *
 * @param {import('../../lib/redis.mjs').Redis} redis
 * @param {number} tasks How many will land.
 */
export function watchRedis(redis, tasks) {
  /** @type {Promise<Sample>[]} */
  const samples = [sampleOf(redis, 0)];
  let landed = 0;
  let next = tasks / SAMPLES;
  return {
    /** @param {RunEvent} event */
    onEvent(event) {
      if (event.type !== 'landed') return;
      landed += event.taskIds.length;
      if (landed < next) return;
      samples.push(sampleOf(redis, landed));
      while (next <= landed) next += tasks / SAMPLES;
    },
    async end() {
      samples.push(sampleOf(redis, landed));
      return Promise.all(samples);
    },
  };
}

/**
 * @param {import('../../lib/redis.mjs').Redis} redis
 * @param {number} landed
 * @returns {Promise<Sample>}
 */
async function sampleOf(redis, landed) {
  const [memory, cpu, stats, keys] = await Promise.all([
    redis.info('memory'),
    redis.info('cpu'),
    redis.info('stats'),
    redis.keys(),
  ]);
  return {
    landed,
    bytes: Number(memory.get('used_memory')),
    dataBytes: Number(memory.get('used_memory_dataset')),
    keys,
    cpuMs: 1000 * (Number(cpu.get('used_cpu_user')) + Number(cpu.get('used_cpu_sys'))),
    commands: Number(stats.get('total_commands_processed')),
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { TemporaryRepository } from '@pwt/testkit';
import { inTurns, median, ratios, spread, timeMs } from '../lib/measure.mjs';
import { pwtProgram, runNode } from '../lib/programs.mjs';
import { projectFiles } from '../lib/project.mjs';

/** What a user waits for before anything happens, beside a Node program that does nothing. @type {import('./index.mjs').Benchmark} */
export const startup = {
  name: 'startup',
  async run({ rounds = 15, specs }) {
    const files = specs === undefined ? projectFiles({ specs: 60, files: 2_000 }) : specsIn(specs);
    const repository = await TemporaryRepository.create({ 'empty.mjs': '', ...files });
    try {
      const at = { cwd: repository.path, env: repository.env };
      const run =
        (/** @type {string[]} */ ...args) =>
        () =>
          timeMs(() => runNode(args, at));
      const figures = await inTurns(
        {
          'an empty script': run('empty.mjs'),
          'pwt --version': run(pwtProgram, '--version'),
          'pwt --help': run(pwtProgram, '--help'),
          'pwt plan, again': run(pwtProgram, 'plan', '--json'),
          'pwt run, up to its first event': firstEventMs,
          'pwt plan, for the first time': () => {
            rmSync(join(repository.path, '.git/pwt'), { recursive: true, force: true });
            return run(pwtProgram, 'plan', '--json')();
          },
        },
        { rounds },
      );
      const baseline = figures['an empty script'];
      const tasks = JSON.parse(runNode([pwtProgram, 'plan', '--json'], at)).tasks.length;
      return [
        {
          title: `Start-up (plan: ${tasks} tasks)`,
          columns: { program: 'text', median: 'ms', 'beside an empty script': 'ratio', spread: 'percent' },
          rows: Object.entries(figures).map(([program, times]) => ({
            program,
            median: median(times),
            'beside an empty script': median(ratios(times, baseline)),
            spread: spread(times),
          })),
          note: `Whole processes, ${rounds} rounds in turns; the ratio is the median of the rounds' ratios.`,
        },
      ];
    } finally {
      await repository.dispose();
    }
  },
};

/**
 * The Markdown files of a folder, as specs of a repository.
 *
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function specsIn(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return Object.fromEntries(names.map((name) => [`specs/${name}`, readFileSync(join(folder, name), 'utf8')]));
}

/** From Enter to the first event of a run of 12 tasks, in a repository that has nothing else. */
async function firstEventMs() {
  const specs = Array.from({ length: 12 }, (_, at) => [
    `specs/SPEC-${at + 1}-task.md`,
    `# Task ${at + 1}\n\n**File**: \`work/${at + 1}.txt\`\n`,
  ]);
  const repository = await TemporaryRepository.create(Object.fromEntries(specs));
  try {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [pwtProgram, 'run', '--json', '--', 'sleep', '1000'], {
      cwd: repository.path,
      env: repository.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    const tookMs = performance.now() - startedMs;
    child.stdout.resume();
    child.kill('SIGTERM');
    await ended;
    return tookMs;
  } finally {
    await repository.dispose();
  }
}

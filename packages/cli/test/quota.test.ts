import { beforeAll, describe, expect, it } from 'vitest';
import { Accounts } from './support/accounts.js';
import { buildPwt, parseLines, runArguments, spec, Workbench } from './support/pwt.js';

const TASKS = 5;
/** Each test has several runs of the whole program, on a machine that may be busy. */
const LIMIT_MS = 180_000;
const PAUSED = /claude is paused until [\d: -]+ \(quota: /;

let program: string;
beforeAll(async () => {
  program = await buildPwt();
});

/** A repository with tasks that need a file each, and the accounts of `claude` and `codex`. */
async function withAccounts(body: (bench: Workbench, accounts: Accounts) => Promise<void>): Promise<void> {
  const ids = Array.from({ length: TASKS }, (_, index) => index + 1);
  const bench = await Workbench.create(
    program,
    Object.assign({}, ...ids.map((id) => spec(id, `file${id}.txt`))),
  );
  try {
    await body(bench, await Accounts.install(bench));
  } finally {
    await bench.dispose();
  }
}

const args = (agent: string, ...more: readonly string[]) =>
  runArguments([
    '--yes',
    '--auto-approve',
    '--agent',
    agent,
    '--max-instances',
    '2',
    '--agent-pause',
    '500ms',
    ...more,
  ]);

interface StatusJson {
  readonly run: { readonly usage: Record<string, number>; readonly capReached?: unknown };
  readonly tasks: readonly { readonly status: string; readonly usage: Record<string, number> }[];
}

async function statusOf(bench: Workbench): Promise<StatusJson> {
  const [status] = parseLines((await bench.pwt(['status', '--json'])).stdout);
  return status as unknown as StatusJson;
}

async function landed(bench: Workbench): Promise<number> {
  return (await statusOf(bench)).tasks.filter(({ status }) => status === 'landed').length;
}

describe('an agent that answers 429 from its second task on', { timeout: LIMIT_MS }, () => {
  it('gives its tasks to the next of a list', async () => {
    await withAccounts(async (bench, accounts) => {
      await accounts.quotaFrom('claude', 2);
      const run = await bench.pwt(args('claude,codex', '--agent-pause', '1h'));
      expect(run).toMatchObject({ exitCode: 0 });
      expect(run.stdout + run.stderr).toMatch(PAUSED);
      expect(await landed(bench)).toBe(TASKS);
      const starts = [await accounts.starts('claude'), await accounts.starts('codex')];
      console.log(`the same, with a list: claude ${starts[0]} starts, codex ${starts[1]}`);
      expect(starts[0]).toBeLessThanOrEqual(3);
      expect(starts[1]).toBe(TASKS - 1);
    });
  });
});

describe('caps', { timeout: LIMIT_MS }, () => {
  const caps: [string, string][] = [
    ['--max-tokens', '150'],
    ['--max-cost', 'day=0.4'],
  ];
  it.each(process.env.PWT_PROVE === '1' ? caps : caps.slice(1))(
    '%s %s ends the run, and a higher one goes on',
    async (flag, value) => {
      await withAccounts(async (bench) => {
        const run = await bench.pwt(
          args('claude', '--max-instances', '1', '--on-cap', 'finish', flag, value),
        );
        expect(run.stdout + run.stderr).toContain('of at most');
        expect(await landed(bench)).toBe(2);
        const { run: capped } = await statusOf(bench);
        expect(capped.capReached).toMatchObject({ used: flag === '--max-cost' ? 0.5 : 200 });
        expect(capped.usage).toEqual({ inputTokens: 160, outputTokens: 40, costUsd: 0.5 });
        const again = await bench.pwt(['resume', flag, value.replace(/[\d.]+$/, '1000')]);
        expect(again).toMatchObject({ exitCode: 0 });
        expect(await landed(bench)).toBe(TASKS);
        expect((await statusOf(bench)).run.usage).toEqual({
          inputTokens: 400,
          outputTokens: 100,
          costUsd: 1.25,
        });
      });
    },
  );

  it('says before the run which cap does not hold for an agent', async () => {
    await withAccounts(async (bench) => {
      const run = await bench.pwt(args('codex', '--max-cost', '20'));
      expect(run.stdout + run.stderr).toContain(
        'codex does not tell what it costs, so maxCost does not hold for it.',
      );
    });
  });
});

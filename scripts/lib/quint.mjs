import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { capture } from './exec.mjs';
import { ROOT, readJson } from './workspace.mjs';

const MODEL = join(ROOT, 'docs/model/lease.qnt');
const manifest = createRequire(import.meta.url).resolve('@informalsystems/quint/package.json');
const QUINT = join(dirname(manifest), readJson(manifest).bin.quint);

/**
 * Runs quint on the model.
 *
 * @param {readonly string[]} args
 * @returns {Promise<import('./exec.mjs').Execution>}
 */
export function quint(...args) {
  return capture([process.execPath, QUINT, ...args, MODEL], { cwd: ROOT, env: process.env });
}

/**
 * In how many samples something has happened. The evaluator that is part of the package is used: quint's other one is downloaded.
 *
 * @param {{module: string, samples: number, steps: number, seed: string, witnesses: readonly string[], invariant?: string}} request
 * @returns {Promise<{broken: boolean, output: string, durationMs: number, seen: Record<string, number>}>}
 */
export async function sample({ module, samples, steps, seed, witnesses, invariant = 'true' }) {
  const { exitCode, output, durationMs } = await quint(
    ...['run', '--backend=typescript', `--main=${module}`, `--seed=${seed}`, `--invariant=${invariant}`],
    ...[`--max-samples=${samples}`, `--max-steps=${steps}`, '--witnesses', ...witnesses, '--verbosity=1'],
  );
  const found = [...output.matchAll(/^(.+) was witnessed in (\d+) trace/gm)];
  const seen = Object.fromEntries(found.map(([, name, count]) => [name ?? '', Number(count)]));
  return { broken: exitCode !== 0, output, durationMs, seen };
}

/**
 * Traces of the model that keeps its fence, in quint's own format.
 *
 * @param {{count: number, steps: number, seed: string}} request
 * @returns {Promise<any[]>}
 */
export async function traces({ count, steps, seed }) {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-traces-'));
  try {
    const { exitCode, output } = await quint(
      ...[
        'run',
        '--backend=typescript',
        '--main=fenced',
        `--seed=${seed}`,
        '--invariant=safe',
        '--verbosity=1',
      ],
      ...[`--max-samples=${count}`, `--n-traces=${count}`, `--max-steps=${steps}`],
      `--out-itf=${join(folder, '{seq}.itf.json')}`,
    );
    if (exitCode !== 0) throw new Error(output);
    return readdirSync(folder).map((name) => readJson(join(folder, name)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

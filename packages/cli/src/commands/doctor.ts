import { resolve } from 'node:path';
import { type Check, diagnose } from '@pwt/default';
import { bundledPlugins } from '../bundled-plugins.js';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { type Colours, colours } from '../format/colours.js';
import { count } from '../format/units.js';
import { printJson, printLine } from '../io.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { userState } from '../user-state.js';

const marks = { ok: '✔', note: '·', warning: '!', problem: '✘' } as const;

/** What the configuration, and not the machine, is to blame for. */
const usageChecks: ReadonlySet<string> = new Set(['config', 'plugins', 'specs', 'agent']);

/** `pwt doctor`: what is wrong, and what fixes it. */
export async function doctor(context: CommandContext): Promise<number> {
  const { io, cwd, json, flags } = context;
  const configFile = typeof flags.config === 'string' ? { configFile: resolve(cwd, flags.config) } : {};
  const checks = await diagnose({
    cwd,
    env: io.env,
    fix: flags.fix === true,
    bundledPlugins,
    ...configFile,
    ...userState(io.env),
  });
  const problems = checks.filter(({ status }) => status === 'problem');
  if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, healthy: problems.length === 0, checks });
  else {
    const painted = colours(io.env, io.stdout.isTTY === true);
    for (const check of checks) for (const line of checkLines(check, painted)) printLine(io, line);
    printLine(
      io,
      problems.length === 0 ? 'pwt can work here.' : `${count(problems.length, 'problem')} to solve first.`,
    );
  }
  if (problems.length === 0) return exitCodes.ok;
  return problems.every(({ name }) => usageChecks.has(name)) ? exitCodes.usage : exitCodes.environment;
}

function checkLines(
  { name, status, message, fix, done }: Check,
  { green, yellow, red, dim }: Colours,
): string[] {
  const paint = { ok: green, note: dim, warning: yellow, problem: red }[status];
  return [
    `${paint(marks[status])} ${name.padEnd(10)} ${message}`,
    ...(fix === undefined || status === 'ok' ? [] : [`             → ${fix}`]),
    ...(done === undefined ? [] : [`             done: ${done}`]),
  ];
}

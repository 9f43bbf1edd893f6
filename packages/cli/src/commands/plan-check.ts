import type { Diagnostic, Severity } from '@pwt/core';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { printJson, printLine } from '../io.js';
import { diagnosticJson } from '../json/plan-json.js';
import { withCoordinator } from '../open.js';
import type { FlagValues } from '../options/config-flags.js';
import { usageError } from '../options/usage.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { byPlace, checkLine } from '../view/plan/check-lines.js';
import { askedTasks } from './asked-tasks.js';

/** The gravest first. */
const severities: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * `pwt plan --check`: what is wrong with the specs, one finding a line and nothing else. Fails if one of them
 * is as grave as `--fail-on` says, or graver.
 */
export async function planCheck(context: CommandContext): Promise<number> {
  const { io, json, flags } = context;
  const grave = severities.slice(0, severities.indexOf(failOn(flags)) + 1);
  if (flags.format !== undefined) throw usageError('--check has a format of its own: leave --format out.');
  return withCoordinator(context, async (coordinator) => {
    const { diagnostics } = await coordinator.plan(askedTasks(context));
    const findings: readonly Diagnostic[] = [...diagnostics].sort(byPlace);
    const failed = findings.some(({ severity }) => grave.includes(severity));
    if (json) {
      printJson(io, { schemaVersion: SCHEMA_VERSION, failed, diagnostics: findings.map(diagnosticJson) });
    } else for (const finding of findings) printLine(io, checkLine(finding));
    return failed ? exitCodes.tasksFailed : exitCodes.ok;
  });
}

function failOn({ failOn: wanted = 'warning' }: FlagValues): Severity {
  const found = severities.find((severity) => severity === wanted);
  if (!found)
    throw usageError(`--fail-on is one of ${severities.join(', ')}, not ${JSON.stringify(wanted)}.`);
  return found;
}

import { readFileSync } from 'node:fs';
import { taskOutcomeStatuses } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { exitCodes } from './exit-code.js';

const docs = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

function section(heading: string): string {
  return docs.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
}

describe('docs/cli.md', () => {
  it.each(Object.values(exitCodes))('explains the exit code %i', (code) => {
    expect(section('Exit codes')).toContain(`\n| ${code} |`);
  });

  it.each(taskOutcomeStatuses)('says that a task may end as %s', (status) => {
    expect(section('JSON')).toContain(`\`${status}\``);
  });
});

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.js';
import { exitCodes } from './exit-code.js';

const read = (name: string) => readFile(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

describe('the documentation', () => {
  it('has every command with every flag of its own', async () => {
    const text = await read('cli.md');
    for (const { name, flags = [] } of commands) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`pwt ${name}`));
      expect(row, name).toBeDefined();
      for (const [flag] of flags) expect(row, flag).toContain(/--[a-z-]+/.exec(flag)?.[0]);
    }
  });

  it('has every exit code', async () => {
    const text = await read('cli.md');
    for (const code of Object.values(exitCodes)) expect(text).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });
});

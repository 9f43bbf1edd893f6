import { readdirSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { helpOn } from '../commands/help.js';
import { commands } from '../commands.js';
import { colours } from '../format/colours.js';
import type { Io } from '../io.js';
import { readDocsPage } from './docs-page.js';
import { markdownLines } from './markdown-lines.js';
import { helpTopics } from './topics.js';

/** Pages of which no topic tells: what was measured. */
const NOT_FOR_HELP = ['benchmarks.md'];

async function help(...args: string[]): Promise<string> {
  const stdout = new PassThrough();
  let text = '';
  stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const io = {
    cwd: '/',
    env: {},
    stdout,
    stderr: new PassThrough(),
    stdin: new PassThrough(),
  } as unknown as Io;
  await helpOn(commands)({ io, cwd: '/', args, flags: {}, settings: {}, json: false });
  return text;
}

describe('pwt help', () => {
  it.each(helpTopics)('has something to say of $name', async ({ name, page, section }) => {
    const { sections } = readDocsPage(page);
    if (section !== undefined) expect([...sections.keys()]).toContain(section);
    const said = await help(name);
    expect(said.split('\n').length).toBeGreaterThan(3);
    expect(said).toContain(`From docs/${page}.`);
    expect(said).not.toMatch(/\]\(|^```/m);
  });

  it('has a topic for every page of the documentation', () => {
    const pages = readdirSync(new URL('../../../../docs/', import.meta.url)).filter((name) =>
      name.endsWith('.md'),
    );
    const told = new Set([...helpTopics.map(({ page }) => page), 'errors.md', ...NOT_FOR_HELP]);
    expect(pages.filter((page) => !told.has(page))).toEqual([]);
  });

  it('lists commands by what people do, and topics', async () => {
    const said = await help();
    for (const { name, group } of commands)
      expect(said).toMatch(new RegExp(`^${group}:[\\s\\S]*^ {2}${name} `, 'm'));
    for (const { name } of helpTopics) expect(said).toContain(`\n  ${name} `);
  });

  it('shows a command, a section and an error', async () => {
    expect(await help('run')).toContain('Usage: pwt run [options]');
    expect(await help('gates', 'several')).toContain('gateMode: parallel');
    expect(await help('pwt_task_unknown')).toContain('There is no task with the id');
  });

  it.each([
    [['gaets'], 'Did you mean gates?'],
    [['PWT_TASK_UNKNWON'], 'Did you mean PWT_TASK_UNKNOWN'],
    [['gates', 'nonsense'], 'There are: Several commands'],
  ])('names the nearest ones for %j', async (args, message) => {
    await expect(help(...args)).rejects.toThrow(message);
  });
});

describe('markdownLines', () => {
  const page = { colours: colours({ NO_COLOR: '1' }, false), columns: 40 };

  it('fits text and tables into the terminal, and leaves code as it is', () => {
    const text = ['A [link](x.md) and `code` in a line that is longer.', '', '```sh', 'npm run   x', '```'];
    expect(markdownLines(text, page)).toEqual([
      'A link and code in a line that is',
      'longer.',
      '',
      '  npm run   x',
    ]);
    const table = ['| a | b |', '|---|---|', '| `x\\|y` | one two three four five six seven eight |'];
    expect(markdownLines(table, page)).toEqual([
      'a    b',
      'x|y  one two three four five six seven',
      '     eight',
    ]);
    const wide = [
      '| name | what | for |',
      '|---|---|---|',
      `| n | ${'w '.repeat(12)} | ${'f '.repeat(12)} |`,
    ];
    expect(markdownLines(wide, page).slice(0, 2)).toEqual(['n', '  what: w w w w w w w w w w w w']);
  });
});

// The TypeScript in READMEs and docs compiles against the packages as they are.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { capture } from '../lib/exec.mjs';
import { conclude } from '../lib/problems.mjs';
import { moduleOf, snippetsIn } from '../lib/snippets.mjs';
import { filesBelow, publicPackages, ROOT } from '../lib/workspace.mjs';

/** Inside of the workspace, so that types and packages are found from there. */
const FOLDER = join(ROOT, 'node_modules/.cache/pwt/snippets');

const readmes = publicPackages().map(({ directory }) => join(directory, 'README.md'));
const docs = filesBelow(join(ROOT, 'docs'), (name) => name.endsWith('.md'));
const snippets = [join(ROOT, 'README.md'), ...readmes, ...docs].flatMap((path) => {
  const document = relative(ROOT, path);
  return snippetsIn(readFileSync(path, 'utf8')).map((snippet, at) => ({
    document,
    file: `${document.replaceAll('/', '-')}-${at + 1}.ts`,
    text: moduleOf(snippet),
  }));
});

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const { file, text } of snippets) writeFileSync(join(FOLDER, file), text);
const config = { extends: join(ROOT, 'tsconfig.test.json'), include: ['*.ts'], exclude: [] };
writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));

const tsc = join(ROOT, 'node_modules/.bin/tsc');
const { exitCode, output } = await capture([tsc, '-p', FOLDER, '--pretty', 'false'], { cwd: FOLDER });
const said = output.trim().split('\n').map(inDocument);
conclude(exitCode === 0 ? [] : said, `${snippets.length} pieces of TypeScript in the documentation`);

/**
 * A line of the compiler's, with the document instead of the file.
 *
 * @param {string} line
 */
function inDocument(line) {
  const [, file = '', at, rest] = /^([^(]+)\((\d+),\d+\): (?:error )?(.*)$/.exec(line) ?? [];
  const snippet = snippets.find((one) => one.file === file);
  return snippet === undefined ? line : `${snippet.document}:${at}: ${rest}`;
}

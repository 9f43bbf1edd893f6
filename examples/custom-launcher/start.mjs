import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TemporaryRepository } from '@pwt/testkit';

const manifest = new URL(import.meta.resolve('@pwt/cli/package.json'));
const pwt = fileURLToPath(new URL(JSON.parse(readFileSync(manifest, 'utf8')).bin.pwt, manifest));

const files = {
  'src/greet.mjs': "var name = 'world';\n",
  'src/part.mjs': "var name = 'friends';\n",
  'specs/SPEC-20-greet.md': '# No var in greet\n\n**File**: `src/greet.mjs`\n',
  'specs/SPEC-21-part.md': '# No var in part\n\n**File**: `src/part.mjs`\n',
  'codemods/20.mjs': codemod('src/greet.mjs'),
  'codemods/21.mjs': codemod('src/part.mjs'),
  'pwt.config.json': JSON.stringify({ plugins: [join(import.meta.dirname, 'codemod-launcher.mjs')] }),
};

const repository = await TemporaryRepository.create(files);
try {
  const { path: cwd, env } = repository;
  const output = execFileSync(process.execPath, [pwt, 'run', '--json', '--yes'], {
    cwd,
    env,
    encoding: 'utf8',
  });
  const finished = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
  for (const { taskId, title, status } of finished.tasks) console.log(`${taskId}  ${status}  ${title}`);

  assert.equal(finished.type, 'run-finished');
  assert.equal(finished.totals.landed, 2);
  const landed = await repository.filesOf('main');
  assert.equal(landed['src/greet.mjs'], "const name = 'world';\n");
  assert.equal(landed['src/part.mjs'], "const name = 'friends';\n");
} finally {
  await repository.dispose();
}

/**
 * A script that rewrites one file.
 *
 * @param {string} path
 */
function codemod(path) {
  return [
    "import { readFileSync, writeFileSync } from 'node:fs';",
    `const text = readFileSync('${path}', 'utf8');`,
    `writeFileSync('${path}', text.replace(/^var /m, 'const '));`,
    '',
  ].join('\n');
}

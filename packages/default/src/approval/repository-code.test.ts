import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPlugins } from '../composition/plugins/load-plugins.js';
import { loadConfigFile } from '../config/load.js';
import { ApprovalStore } from './approvals.js';
import { codeApproval } from './code-approval.js';
import { isRepositoryCode, readCode } from './repository-code.js';

let root: string;
let outside: string;
beforeEach(async () => {
  outside = await realpath(await mkdtemp(join(tmpdir(), 'pwt-code-')));
  root = join(outside, 'repo');
});
afterEach(() => rm(outside, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const read = async () => (await readCode('config', join(root, 'pwt.config.ts'), root)).text;

describe('readCode', () => {
  it('covers every file that is reached by a path, and changes with each of them', async () => {
    const files = {
      'pwt.config.ts': `import a from './lib/a.js';\nexport * from "./b";\nexport default { ...require('./c.cjs') };`,
      'lib/a.ts': 'export default await import(`../d`)',
      'b/index.mjs': "import data from './data.json' with { type: 'json' }\nimport x from 'package'",
      'b/data.json': '{}',
      'c.cjs': "module.exports = require('../pwt.config.ts')",
      'd.js': "import './lib/a.js'; import './gone.js'",
      'unrelated.js': '',
    };
    await write(files);
    const before = await read();
    expect(before).toMatch(
      /^pwt\.config\.ts with b\/data\.json, b\/index\.mjs, c\.cjs, d\.js, lib\/a\.ts \(sha256 [0-9a-f]{64}\)$/,
    );
    expect(await read()).toBe(before);
    for (const path of Object.keys(files).filter((name) => name !== 'unrelated.js')) {
      await write({ [path]: `${files[path as keyof typeof files]} ` });
      expect(await read(), path).not.toBe(before);
      await write(files);
    }
    await write({ 'unrelated.js': 'other' });
    expect(await read()).toBe(before);
  });

  it('tells code of the repository from installed packages, also where it is linked into them', async () => {
    await write({ 'p.mjs': '', 'node_modules/p/index.js': '', 'packages/q/index.js': '' });
    await symlink('../packages/q', join(root, 'node_modules/q'));
    expect(await isRepositoryCode(join(root, 'p.mjs'), root)).toBe(true);
    expect(await isRepositoryCode(join(root, 'node_modules/p/index.js'), root)).toBe(false);
    expect(await isRepositoryCode(join(root, 'node_modules/q/index.js'), root)).toBe(true);
  });
});

describe('codeApproval', () => {
  const judge = (options: Partial<Parameters<typeof codeApproval>[0]> = {}) => {
    const store = new ApprovalStore({ file: join(outside, 'approvals.json'), repository: root });
    return codeApproval({ root, store, ...options });
  };
  const marked = (name: string, rest: string) =>
    `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(join(outside, name))}, '');\n${rest}`;

  it.each(['ts', 'mts', 'js', 'mjs'])('runs no pwt.config.%s whose content is not approved', async (type) => {
    const file = `pwt.config.${type}`;
    await write({
      [file]: marked('ran', 'export default { maxInstances: 3 };'),
      'package.json': '{"type":"module"}',
    });
    await expect(loadConfigFile({ root, approveCode: judge() })).rejects.toMatchObject({
      code: 'PWT_CODE_NOT_APPROVED',
      place: { path: join(root, file) },
      hint: expect.stringContaining('pwt plan --yes'),
    });
    const said: string[] = [];
    const skip = (message: string) => void said.push(message);
    expect(await loadConfigFile({ root, approveCode: judge({ skip }) })).toBeUndefined();
    expect(said).toMatchObject([expect.stringContaining(file)]);
    await expect(
      loadConfigFile({ root, approveCode: judge({ confirm: async () => false }) }),
    ).rejects.toThrow();
    expect(await isThere('ran')).toBe(false);
    const confirmed = await loadConfigFile({ root, approveCode: judge({ confirm: async () => true }) });
    expect(confirmed?.value).toEqual({ maxInstances: 3 });
    expect(await loadConfigFile({ root, approveCode: judge() })).toMatchObject({
      value: { maxInstances: 3 },
    });
    expect(await isThere('ran')).toBe(true);
  });

  it('runs no plugin of the repository that is not approved, and any installed one', async () => {
    const plugin = "export const plugin = { name: 'p', apiVersion: 2, provides: { eventSink: () => ({}) } };";
    await write({
      'tools/p.mjs': marked('ran', plugin),
      'node_modules/pwt-q/package.json': '{"name": "pwt-q", "type": "module", "exports": "./index.js"}',
      'node_modules/pwt-q/index.js': plugin,
    });
    expect(await loadPlugins(['pwt-q'], root, { approveCode: judge() })).toHaveLength(1);
    await expect(loadPlugins(['./tools/p.mjs'], root, { approveCode: judge() })).rejects.toMatchObject({
      code: 'PWT_CODE_NOT_APPROVED',
    });
    expect(
      await loadPlugins(['./tools/p.mjs', 'pwt-q'], root, { approveCode: judge({ skip: () => undefined }) }),
    ).toHaveLength(1);
    expect(await isThere('ran')).toBe(false);
    expect(
      await loadPlugins(['./tools/p.mjs'], root, { approveCode: judge({ confirm: async () => true }) }),
    ).toHaveLength(1);
    expect(await isThere('ran')).toBe(true);
  });

  async function isThere(name: string): Promise<boolean> {
    return realpath(join(outside, name)).then(
      () => true,
      () => false,
    );
  }
});

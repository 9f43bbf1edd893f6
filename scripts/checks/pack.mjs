// Packs the program and every public package as they are handed out, into a folder, and looks into the tarballs.

import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { capture } from '../lib/exec.mjs';
import { conclude, inPairs } from '../lib/problems.mjs';
import { LIBRARIES, programTarball, TARBALLS, tarballOf } from '../lib/tarballs.mjs';
import { publicPackages, ROOT } from '../lib/workspace.mjs';

const folder = resolve(process.argv[2] ?? TARBALLS);
const packages = publicPackages();
rmSync(join(folder, LIBRARIES), { recursive: true, force: true });
mkdirSync(join(folder, LIBRARIES), { recursive: true });

const groups = ['--filter=./packages/*', '--filter=./plugins/*'];
const packed = await Promise.all([
  capture(['pnpm', 'pack', '--out', programTarball(folder)], { cwd: ROOT }),
  capture(['pnpm', '-r', ...groups, 'pack', '--pack-destination', join(folder, LIBRARIES)], { cwd: ROOT }),
]);
const failed = packed.filter(({ exitCode }) => exitCode !== 0).map(({ output }) => output);
const problems =
  failed.length > 0
    ? failed
    : [
        await contentProblems('the program', programTarball(folder)),
        ...(await inPairs(packages, (pkg) => contentProblems(pkg.folder, tarballOf(pkg, folder)))),
      ].flat();

conclude(problems, `${packages.length + 1} tarballs`);

/**
 * @param {string} name
 * @param {string} tarball
 */
async function contentProblems(name, tarball) {
  const { output: list } = await capture(['tar', '-tzf', tarball], {});
  const { output: manifest } = await capture(['tar', '-xzOf', tarball, 'package/package.json'], {});
  const files = list.split('\n');
  return [
    ...['package/LICENSE', 'package/README.md']
      .filter((file) => !files.includes(file))
      .map((file) => `${name}: the tarball lacks ${file.slice('package/'.length)}`),
    ...files
      .filter((file) => /^package\/(.*\/)?(dist|bundle)\/.*\.test\./.test(file))
      .map((file) => `${name}: the tarball has ${file}`),
    ...(/"(workspace|catalog):/.test(manifest) ? [`${name}: the tarball's manifest is not for npm`] : []),
  ];
}

// Packs every public package as it would be published, and looks into the tarballs.

import { mkdirSync, rmSync } from 'node:fs';
import { capture } from '../lib/exec.mjs';
import { conclude, inPairs } from '../lib/problems.mjs';
import { TARBALLS, tarballOf } from '../lib/tarballs.mjs';
import { publicPackages } from '../lib/workspace.mjs';

rmSync(TARBALLS, { recursive: true, force: true });
mkdirSync(TARBALLS, { recursive: true });

const packages = publicPackages();
const problems = await inPairs(packages, async (pkg) => {
  const packed = await capture(['pnpm', 'pack', '--pack-destination', TARBALLS], { cwd: pkg.directory });
  if (packed.exitCode !== 0) return [`${pkg.folder}: pnpm pack failed\n${packed.output}`];
  return [...(await contentProblems(pkg)), ...(await lintProblems(pkg))];
});

conclude(problems.flat(), `${packages.length} tarballs`);

/** @param {import('../lib/workspace.mjs').WorkspacePackage} pkg */
async function contentProblems(pkg) {
  const { output: list } = await capture(['tar', '-tzf', tarballOf(pkg)], {});
  const { output: manifest } = await capture(['tar', '-xzOf', tarballOf(pkg), 'package/package.json'], {});
  const files = list.split('\n');
  return [
    ...['package/LICENSE', 'package/README.md']
      .filter((file) => !files.includes(file))
      .map((file) => `${pkg.folder}: the tarball lacks ${file.slice('package/'.length)}`),
    ...files
      .filter((file) => /^package\/(dist|bundle)\/.*\.test\./.test(file))
      .map((file) => `${pkg.folder}: the tarball has ${file}`),
    ...(/"(workspace|catalog):/.test(manifest)
      ? [`${pkg.folder}: the tarball's manifest is not for npm`]
      : []),
  ];
}

/** @param {import('../lib/workspace.mjs').WorkspacePackage} pkg */
async function lintProblems(pkg) {
  const tarball = tarballOf(pkg);
  const publint = await capture(['publint', 'run', '--strict', tarball], {});
  const types = await capture(
    ['attw', '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', tarball],
    {},
  );
  return [
    ...(publint.exitCode === 0 ? [] : [`${pkg.folder}: publint\n${publint.output}`]),
    ...(types.exitCode === 0 && !types.output.includes('does not contain types')
      ? []
      : [`${pkg.folder}: types resolution\n${types.output}`]),
  ];
}

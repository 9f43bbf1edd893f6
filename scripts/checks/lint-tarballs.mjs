// What importers find in each packed package: its entries are there, and their types.

import { capture } from '../lib/exec.mjs';
import { conclude, inPairs } from '../lib/problems.mjs';
import { tarballOf } from '../lib/tarballs.mjs';
import { publicPackages } from '../lib/workspace.mjs';

const packages = publicPackages();
const problems = await inPairs(packages, async (pkg) => {
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
});

conclude(problems.flat(), `${packages.length} tarballs`);

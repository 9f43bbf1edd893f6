// Every example runs: `npm start` in each folder of `examples/` ends well.

import { capture } from '../lib/exec.mjs';
import { conclude, inPairs } from '../lib/problems.mjs';
import { workspacePackages } from '../lib/workspace.mjs';

const examples = workspacePackages({ groups: ['examples'] });
const problems = await inPairs(examples, async ({ folder, directory, manifest }) => {
  if (manifest.scripts?.start === undefined) return [`${folder}: package.json has no "start" script`];
  const { exitCode, output } = await capture(['npm', 'start'], { cwd: directory });
  return exitCode === 0 ? [] : [`${folder}: npm start ended with ${exitCode}\n${output}`];
});

conclude(problems.flat(), `${examples.length} examples`);

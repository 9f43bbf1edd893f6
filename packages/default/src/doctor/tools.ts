import { type GitVersion, gitFeatureSince, isAtLeast, recommendedGitVersion } from '@pwt/git';
import { type Check, failed, ok } from './check.js';

/** The oldest Node that pwt runs with: `engines` of every `package.json`. */
const minimumNode = '20.19';

/** The oldest git with which a run can merge, and so land. */
const minimumGit = gitFeatureSince.mergeTreeWriteTree;

/** Judges the Node that runs this. Pure. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = minimumNode.split('.').map(Number);
  const message = `Node ${version}`;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return {
      name: 'node',
      status: 'problem',
      message: `${message} is too old: ${minimumNode} or newer is needed`,
      fix: 'Install Node 22 or 24',
    };
  }
  return major >= 22
    ? ok('node', message)
    : { name: 'node', status: 'note', message: `${message} works; 22 or 24 is recommended` };
}

/** Judges the git that is there. */
export async function checkGit(readVersion: () => Promise<GitVersion>): Promise<Check> {
  try {
    const version = await readVersion();
    if (!isAtLeast(version, minimumGit)) {
      return {
        name: 'git',
        status: 'problem',
        message: `${version.text} is too old: ${minimumGit} or newer is needed`,
        fix: `Install git ${recommendedGitVersion} or newer`,
      };
    }
    if (isAtLeast(version, recommendedGitVersion)) return ok('git', version.text);
    return {
      name: 'git',
      status: 'note',
      message: `${version.text} works; ${recommendedGitVersion} is recommended`,
    };
  } catch (error) {
    return failed('git', error);
  }
}

import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cleanEnvironment } from './env.mjs';
import { capture } from './exec.mjs';
import { ROOT, readJson } from './workspace.mjs';

/**
 * The environment in which `pnpm` and the tools of `node_modules/.bin` are found by name. pnpm itself comes from
 * npm's own cache, in the version that `package.json#devEngines` names, so that nothing has to be installed
 * globally; turbo needs it on the PATH as well.
 *
 * @returns {Promise<{env: NodeJS.ProcessEnv} | {problem: string}>} a problem, with npm's own words, where npm
 * cannot fetch pnpm
 */
export async function toolbox() {
  const env = cleanEnvironment();
  const { version } = readJson(join(ROOT, 'package.json')).devEngines.packageManager;
  const locate = ['npx', '-y', '--prefer-offline', `--package=pnpm@${version}`, '-c', 'command -v pnpm'];
  const { exitCode, output } = await capture(locate, { cwd: ROOT, env });
  const pnpm = output.split('\n').find((line) => line.endsWith('/pnpm') && existsSync(line));
  if (exitCode !== 0 || pnpm === undefined) {
    return { problem: `npm could not fetch pnpm ${version} from its registry:\n${output}` };
  }
  const PATH = [dirname(pnpm), join(ROOT, 'node_modules', '.bin'), env.PATH].join(delimiter);
  return { env: { ...env, PATH } };
}

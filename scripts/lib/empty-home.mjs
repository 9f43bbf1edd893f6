import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { capture } from './exec.mjs';

/** What a machine may need to reach the npm registry; all other variables are left out. */
const NETWORK = /^(https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i;

/**
 * Runs commands as on a machine of somebody who has just installed Node and git: an empty home, nothing else on the PATH, and
 * a folder of its own for what is installed globally.
 *
 * @param {string} home is made
 * @param {{npm?: string, set?: Record<string, string>}} [options] the folder of another npm, and further variables
 */
export function emptyHome(home, { npm, set = {} } = {}) {
  const prefix = join(home, 'global');
  mkdirSync(prefix, { recursive: true });
  const folders = [join(prefix, 'bin'), ...(npm === undefined ? [] : [npm]), dirname(process.execPath)];
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => NETWORK.test(name))),
    HOME: home,
    PATH: [...folders, '/usr/bin', '/bin'].join(delimiter),
    npm_config_prefix: prefix,
    npm_config_update_notifier: 'false',
    ...set,
  };
  return {
    /**
     * @param {readonly string[]} command
     * @param {{cwd: string}} options
     * @returns {Promise<string>} what it printed
     * @throws with all that it printed if it fails
     */
    async run(command, { cwd }) {
      const { exitCode, output } = await capture(command, { cwd, env });
      if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}\n${output}`);
      return output;
    },
  };
}

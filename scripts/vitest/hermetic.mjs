import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment } from '../lib/env.mjs';

const VITESTS_OWN = /^(VITEST|NODE_ENV$)/;
/** Programs decide by these whether to colour what they print; tests look at the default. */
const OUTPUT_STYLE = ['CI', 'NO_COLOR'];

/**
 * Shuts the host out of every test, before vitest starts its workers: no variable of a surrounding git hook or
 * pwt run, no git configuration or ignore file of the user or the system, and an empty home.
 *
 * @returns {() => void} removes that home
 */
export default function setup() {
  const home = mkdtempSync(join(tmpdir(), 'pwt-test-home-'));
  const clean = cleanEnvironment();
  for (const name of Object.keys(process.env)) {
    const leaks = !(name in clean) && !VITESTS_OWN.test(name);
    if (leaks || OUTPUT_STYLE.includes(name)) delete process.env[name];
  }
  Object.assign(process.env, {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  });
  return () => rmSync(home, { recursive: true, force: true });
}

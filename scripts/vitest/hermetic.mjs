import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment } from '../lib/env.mjs';

const VITESTS_OWN = /^(VITEST|NODE_ENV$)/;

/**
 * Shuts the host out of every test, before vitest starts its workers: no variable of a surrounding git hook or
 * pwt run, no git configuration or ignore file of the user or the system, and an empty home.
 *
 * @returns {() => void} removes that home
 */
export default function setup() {
  const home = mkdtempSync(join(tmpdir(), 'pwt-test-home-'));
  const { NO_COLOR: _, ...clean } = cleanEnvironment();
  for (const name of Object.keys(process.env)) {
    if (!(name in clean) && !VITESTS_OWN.test(name)) delete process.env[name];
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

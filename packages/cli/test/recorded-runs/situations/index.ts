import { composed } from './composed.js';
import { ended } from './ended.js';
import { foreign } from './foreign.js';
import { interrupted } from './interrupted.js';
import { landing } from './landing.js';
import { said } from './said.js';
import type { BringAbout } from './stage.js';

/** Everything that is recorded of a version, by name. */
export const situations: Readonly<Record<string, BringAbout>> = {
  ...landing,
  ...interrupted,
  ...ended,
  ...foreign,
  ...composed,
  ...said,
};

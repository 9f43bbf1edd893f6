import { claude } from './claude.js';
import { cline } from './cline.js';
import { codex } from './codex.js';
import { copilot } from './copilot.js';
import type { Dialect, DialectName } from './dialect.js';
import { gemini } from './gemini.js';
import { lines } from './lines.js';
import { opencode } from './opencode.js';
import { pi } from './pi.js';

/** Every dialect by its name. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  lines,
  claude,
  cline,
  codex,
  copilot,
  gemini,
  opencode,
  pi,
};

import { claude } from './claude.js';
import { cline } from './cline.js';
import { codex, codexReadOnly } from './codex.js';
import { copilot } from './copilot.js';
import type { Dialect } from './dialect.js';
import { gemini } from './gemini.js';
import { lines } from './lines.js';
import { opencode } from './opencode.js';
import { pi } from './pi.js';

/** The dialects that pwt knows; `lines` is plain text of any kind. */
export type DialectName =
  | 'lines'
  | 'claude'
  | 'cline'
  | 'codex'
  | 'codex-read-only'
  | 'copilot'
  | 'gemini'
  | 'opencode'
  | 'pi';

/** Every dialect by its name. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  lines,
  claude,
  cline,
  codex,
  'codex-read-only': codexReadOnly,
  copilot,
  gemini,
  opencode,
  pi,
};

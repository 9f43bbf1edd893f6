import type { SpecPath } from './group-specs.js';
import { parseSpecName } from './spec-name.js';

const SPEC_FILE = /^(SPEC-.+|(?:US|STORY|PRIORITY|PRIO|TASK)[-_]\d.*)\.(?:md|markdown)$/is;
const SPEC_WORD = /^SPEC-/i;
const MARKDOWN = /\.(?:md|markdown)$/i;
const BACKUP = /(?:~|\.backup|\.bak|\.orig|\.old|\.swp|\.tmp)(?:\.(?:md|markdown))?$|^[.#]/i;
const TEMPLATE =
  /(?:^|[-_. ])template(?:\.(?:md|markdown))?$|^(?:SPEC|US|STORY|PRIORITY|TASK)-(?:0+|[NX]+)[-_.].*templates?\b|^templates?(?:[-_. ]|$)/i;

/** True for the name of a file that only repeats another one, such as `SPEC-1-a.md.backup`. */
function isBackup(name: string): boolean {
  return BACKUP.test(name);
}

/**
 * True for a name that marks a template: `SPEC-000-template.md`, `SPEC-7-feature-template.md`, `templates`;
 * not `SPEC-21-email-templates.md`, a spec about templates.
 */
function isTemplate(name: string): boolean {
  return TEMPLATE.test(name);
}

/** True for the name of a file or folder that holds no specs to work on: a template or a backup. */
export function isPassedOver(name: string): boolean {
  return isTemplate(name) || isBackup(name);
}

/** True for the name of a folder that is one spec, `SPEC-20-export` or `US-020-export`. */
export function isSpecFolder(name: string): boolean {
  return parseSpecName(name) !== undefined && !isPassedOver(name) && !MARKDOWN.test(name);
}

/**
 * The path as that of a spec file: `SPEC-*.md` (whether an id follows is seen when specs are grouped), `US-020-*.md` and its
 * like, or Markdown anywhere in a folder `SPEC-<id>-*`.
 * `undefined` for everything else, backups and templates included.
 */
export function specPathOf(path: string): SpecPath | undefined {
  const names = path.split('/');
  const file = names.pop() ?? '';
  if ([...names, file].some(isPassedOver)) return undefined;
  const folder = names.find(isSpecFolder);
  if (folder !== undefined) return MARKDOWN.test(file) ? { path, name: folder } : undefined;
  const name = SPEC_FILE.exec(file)?.[1];
  if (name === undefined || (!SPEC_WORD.test(name) && !parseSpecName(name))) return undefined;
  return { path, name };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from '../../src/commands.js';
import { HOLE, literalsOf } from './literals.js';

/** A command that some message tells the user to run. */
export interface Hint {
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** With `…` for what is only known when it is printed. */
  readonly command: string;
  /** What follows it in its message, up to where the command is certain to have ended. */
  readonly after: string;
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const GIT_COMMANDS = [
  ...['add', 'apply', 'bisect', 'branch', 'bundle', 'cat-file', 'checkout', 'cherry-pick', 'clean', 'clone'],
  ...[
    'commit',
    'config',
    'diff',
    'fetch',
    'for-each-ref',
    'fsck',
    'gc',
    'help',
    'init',
    'lfs',
    'log',
    'ls-files',
  ],
  ...[
    'ls-tree',
    'merge',
    'mv',
    'notes',
    'pull',
    'push',
    'rebase',
    'reflog',
    'remote',
    'reset',
    'restore',
    'revert',
  ],
  ...[
    'rev-parse',
    'rm',
    'show',
    'sparse-checkout',
    'stash',
    'status',
    'submodule',
    'switch',
    'symbolic-ref',
    'tag',
  ],
  ...['update-index', 'update-ref', 'worktree', '-C'],
];
const OTHERS = ['cd', 'chmod', 'cp', 'kill', 'ln', 'mkdir', 'mv', 'npm', 'rm', 'rmdir', 'wsl'];

const names = (list: readonly string[]) => list.map((name) => name.replaceAll('-', '\\-')).join('|');
const START = new RegExp(
  `(?<=^|[\\s\`(${HOLE}])(?:(?:pwt (?:${names(commands.map(({ name }) => name))})|git (?:${names(GIT_COMMANDS)}))(?![\\w-])|(?:${names(OTHERS)}) (?=[-…@/.\\w])).*`,
  'gs',
);

/** Every command in a message of the packages and plugins: what their sources hold between quotes. */
export function scanHints(): Hint[] {
  return ['packages', 'plugins']
    .flatMap((group) =>
      readdirSync(join(ROOT, group)).flatMap((name) => sourcesBelow(join(ROOT, group, name, 'src'))),
    )
    .flatMap((path) => {
      const file = relative(ROOT, path);
      return literalsOf(readFileSync(path, 'utf8')).flatMap(({ text, line }) =>
        commandsIn(text).map((found) => ({ file, line, ...found })),
      );
    });
}

/** The commands of one message. */
export function commandsIn(text: string): Pick<Hint, 'command' | 'after'>[] {
  const found: Pick<Hint, 'command' | 'after'>[] = [];
  for (let rest = text; ; ) {
    START.lastIndex = 0;
    const match = START.exec(rest);
    if (match === null) return found;
    const [tail] = match;
    const isTicked = rest[match.index - 1] === '`';
    const length = isTicked
      ? tail.indexOf('`')
      : tail.search(
          /[.,;:)]?(?:\s(?:or|and|to|takes|finds|helps|in|is|starts)\s|\n|$)|(?<!\s)[.,;:)](?=[\s.,;:)])|\)|\s\(/,
        );
    const end = length < 0 ? tail.length : length;
    found.push({ command: collapse(tail.slice(0, end).trim()), after: tail.slice(end, end + 3) });
    rest = tail.slice(Math.max(1, end));
  }
}

/** Holes that meet are one. */
function collapse(command: string): string {
  return command.replace(new RegExp(`${HOLE}+`, 'g'), HOLE);
}

function sourcesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sourcesBelow(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

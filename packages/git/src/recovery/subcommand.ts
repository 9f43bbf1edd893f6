/** Global options of git that take their value as a word of its own. */
const WITH_VALUE = new Set([
  '-c',
  '-C',
  '--git-dir',
  '--work-tree',
  '--namespace',
  '--exec-path',
  '--config-env',
]);

/** Subcommands of pwt's own that take lock files. */
const LOCKING: ReadonlySet<string> = new Set([
  ...['add', 'branch', 'checkout', 'clean', 'commit', 'fetch', 'merge', 'read-tree', 'reset', 'restore'],
  ...['stash', 'submodule', 'switch', 'symbolic-ref', 'update-index', 'update-ref', 'worktree'],
]);

/** Subcommands that hold no lock for longer than an instant, though they may run for hours in a pager. */
const READING: ReadonlySet<string> = new Set([
  ...['blame', 'cat-file', 'credential-cache--daemon', 'daemon', 'diff', 'diff-tree', 'for-each-ref'],
  ...['fsmonitor--daemon', 'grep', 'log', 'ls-files', 'ls-tree', 'merge-base', 'rev-list', 'rev-parse'],
  ...['shortlog', 'show', 'upload-pack', 'version'],
]);

/** The subcommand with its arguments, out of a command line after the program; empty if there is none. */
export function subcommandOf(args: readonly string[]): readonly string[] {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (WITH_VALUE.has(arg)) at += 1;
    else if (!arg.startsWith('-')) return args.slice(at);
  }
  return [];
}

/** True for a command of pwt's that takes lock files. */
export function takesLocks(args: readonly string[]): boolean {
  const [name = '', verb] = subcommandOf(args);
  return LOCKING.has(name) && !(name === 'worktree' && verb === 'list');
}

/** Subcommands that are not idempotent: their callers repeat them. */
const ONCE: ReadonlySet<string> = new Set([
  'branch',
  'commit',
  'merge',
  'stash',
  'submodule',
  'update-ref',
  'worktree',
]);

/** True for an idempotent command, also when its first try was cut short. */
export function isRepeatable(args: readonly string[]): boolean {
  return !ONCE.has(subcommandOf(args)[0] ?? '') || !takesLocks(args);
}

/** True for a command, of pwt or not, that holds no lock for long. */
export function onlyReads(args: readonly string[]): boolean {
  return READING.has(subcommandOf(args)[0] ?? '');
}

/**
 * Names of the user's `GIT_*` variables that any child of pwt may see: pwt's own git, agents, setup, gate. All
 * others are left out. From git(1), "Environment Variables", git-config(1), git-init(1) and git-lfs-config(5).
 *
 * What stays says who the user is, where their configuration lives, and how a remote is reached. What would turn
 * every git command of a child to another repository goes: a hook or an alias of an outer git sets `GIT_DIR`,
 * `GIT_WORK_TREE`, `GIT_INDEX_FILE`, `GIT_COMMON_DIR`, `GIT_OBJECT_DIRECTORY`,
 * `GIT_ALTERNATE_OBJECT_DIRECTORIES`, `GIT_NAMESPACE`, `GIT_PREFIX`, `GIT_CONFIG_PARAMETERS`, `GIT_QUARANTINE_PATH`
 * and more. So does what only makes noise (`GIT_TRACE*`) or changes what commands print and mean
 * (`GIT_LITERAL_PATHSPECS`, `GIT_DIFF_OPTS`, `GIT_EXTERNAL_DIFF`).
 */
const usersGitVariables: readonly RegExp[] = [
  /^GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)$/,
  /^GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$/,
  // How far git looks for a repository: it leads to none.
  /^GIT_(CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/,
  /^GIT_(EXEC_PATH|TEMPLATE_DIR|TEXTDOMAINDIR|ATTR_NOSYSTEM|DEFAULT_HASH|DEFAULT_REF_FORMAT)$/,
  /^GIT_(ASKPASS|SSH|SSH_COMMAND|SSH_VARIANT|PROXY_COMMAND|PROXY_SSL_\w+|ALLOW_PROTOCOL|PROTOCOL|PROTOCOL_FROM_USER)$/,
  /^GIT_(SSL|HTTP|CURL)_\w+$/,
  /^GIT_(LFS_\w+|NO_LAZY_FETCH)$/,
];

/**
 * Keeps git from asking for a password and from opening an editor, since nothing can answer. Set for every child, whatever
 * the user's environment says.
 */
export const unattendedGit: Readonly<Record<string, string>> = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_EDITOR: 'true',
  GIT_SEQUENCE_EDITOR: 'true',
};

/** True for a variable that has nothing to do with git, or is in {@link usersGitVariables}. */
export function mayBeSeenByChildren(name: string): boolean {
  return !name.startsWith('GIT_') || usersGitVariables.some((pattern) => pattern.test(name));
}

/** Variables by which git is turned to another repository; no setting passes them on. From git(1), "The Git Repository". */
export const repositoryVariables: readonly string[] = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_GRAFT_FILE',
  'GIT_SHALLOW_FILE',
  'GIT_QUARANTINE_PATH',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG',
  'GIT_INTERNAL_SUPER_PREFIX',
];

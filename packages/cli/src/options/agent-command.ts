/** A command line, cut at the first `--`: what follows it is the agent's command. */
export interface SplitArguments {
  readonly own: readonly string[];
  /** Absent without a `--`. */
  readonly agent?: readonly string[];
}

/**
 * Cuts a command line at the first `--`. Done before anything else reads it, so that the agent's own flags
 * are never taken for pwt's, and ids are never taken for the agent's.
 */
export function splitAtDashes(argv: readonly string[]): SplitArguments {
  const at = argv.indexOf('--');
  return at === -1 ? { own: argv } : { own: argv.slice(0, at), agent: argv.slice(at + 1) };
}

/**
 * The modes of everything that pwt keeps about runs: prompts, logs, output of agents, claims, approvals. Only the user can
 * read it, whatever the umask.
 */
export const privateModes: { readonly folder: number; readonly file: number } = {
  folder: 0o700,
  file: 0o600,
};

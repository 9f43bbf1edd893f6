/**
 * The modes of everything that pwt keeps about runs: prompts, logs, what agents printed, claims, approvals. Nobody but
 * the user can read it, whatever their umask says.
 */
export const privateModes: { readonly folder: number; readonly file: number } = {
  folder: 0o700,
  file: 0o600,
};

/**
 * Whether a module of the repository may be run: `true` once its exact content has been approved, `false` where it is
 * to be left out.
 *
 * @throws PwtError `PWT_CODE_NOT_APPROVED`
 */
export type ApproveCode = (kind: 'config' | 'plugin', file: string) => Promise<boolean>;

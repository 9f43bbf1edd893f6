export interface CleanEnvironmentOptions {
  /** Variables to leave out: exact names, or prefixes written `GIT_*`. */
  readonly strip?: readonly string[];
  /** Variables to set afterwards; `undefined` removes one. */
  readonly add?: Readonly<Record<string, string | undefined>>;
}

/**
 * A complete environment for a child: `base` without what `strip` names, with what `add` sets.
 *
 * Pure; `base` is never changed. `add` wins over `strip`.
 */
export function cleanEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  { strip = [], add = {} }: CleanEnvironmentOptions = {},
): Record<string, string> {
  const stripped = (name: string): boolean =>
    strip.some((rule) => (rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule));
  const kept = Object.entries(base).filter(([name]) => !stripped(name));
  const all = Object.entries({ ...Object.fromEntries(kept), ...add });
  return Object.fromEntries(all.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

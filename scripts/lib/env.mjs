/** Variables of the surrounding shell, hook or npm script that would change what a command does. */
const LEAKING = [
  /^GIT_/,
  /^PWT_(?!PROVE$)/,
  /^VITEST/,
  /^TURBO_/,
  /^NODE_(OPTIONS|V8_COVERAGE|ENV)$/,
  /^npm_(package|lifecycle)_/,
  /^npm_(command|execpath|node_execpath|config_local_prefix|config_user_agent|config_prefix)$/,
  // What npm was told for the package that it installs, or whose script it runs.
  /^npm_config_(dry_run|force|global|ignore_scripts|include|location|omit|package_lock_only|progress|save|save_\w+)$/,
  /^(INIT_CWD|FORCE_COLOR|NO_COLOR|COLOR)$/,
];

/**
 * The environment of every command that the scripts run: the caller's, without what leaks from a git hook, an
 * npm script or an earlier run, never interactive, without colours and telemetry.
 *
 * @param {NodeJS.ProcessEnv} [source]
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnvironment(source = process.env) {
  const kept = Object.entries(source).filter(([name]) => !LEAKING.some((leak) => leak.test(name)));
  return {
    ...Object.fromEntries(kept),
    CI: 'true',
    DO_NOT_TRACK: '1',
    NO_COLOR: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}

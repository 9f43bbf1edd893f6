import { createHash } from 'node:crypto';

/**
 * Variables that say where pwt was started, not how the gate works: the terminal, the shell, the session. They differ from one
 * start to the next.
 */
const OF_THE_SESSION =
  /^(?:_|PWD|OLDPWD|SHLVL|TERM|COLORTERM|COLUMNS|LINES|WINDOWID|DISPLAY|GPG_TTY|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_EXEC_PID|DBUS_SESSION_BUS_ADDRESS|XDG_SESSION_\w+|SSH_\w+|TMUX\w*|STY|TERM_\w+|ITERM_\w+|VSCODE_\w+|PWT_\w+)$/;

export interface FingerprintRequest {
  /** What is run, by name, in this order. */
  readonly commands: readonly (readonly [name: string, text: string])[];
  readonly mode: string;
  readonly timeoutMs: number | undefined;
  /** What the gate gets of the user's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What the configuration sets; counts whatever it is called. */
  readonly set: Readonly<Record<string, string>>;
}

/**
 * Stands for a gate and its environment: commands, mode, time-out, the variables that the gate gets, and the system and Node.js
 * version that pwt runs on. It is a hash (SHA-256) over all of them together, so no value can be read out of it.
 */
export function fingerprintOf({ commands, mode, timeoutMs = 0, env, set }: FingerprintRequest): string {
  const variables = Object.entries(env)
    .filter(([name]) => name in set || !OF_THE_SESSION.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { platform, arch, version } = process;
  const all = JSON.stringify([1, commands, mode, timeoutMs, variables, platform, arch, version]);
  return createHash('sha256').update(all).digest('hex');
}

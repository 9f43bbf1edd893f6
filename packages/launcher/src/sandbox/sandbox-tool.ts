import { isPwtError } from '@pwt/core';
import { resolveCommand, runCommand } from '@pwt/process';
import { systemMounts } from './system-mounts.js';

/** The program of this machine that confines others. */
export interface SandboxTool {
  readonly kind: 'bwrap' | 'sandbox-exec';
  /** Absolute. */
  readonly path: string;
}

/** What of a sandbox a machine has. */
export type SandboxSupport =
  | { readonly tool: SandboxTool }
  /** `missing`: why there is none, as a clause; `fix`: the one step that changes it, if there is one. */
  | { readonly tool?: undefined; readonly missing: string; readonly fix?: string };

const PROBE_TIMEOUT_MS = 10_000;

/** macOS brings it along, outside of what a PATH may say. */
const SANDBOX_EXEC = '/usr/bin/sandbox-exec';

/**
 * Whether this machine can confine a process: the tool is there, and it has just confined one.
 *
 * Installed is not enough: containers and some kernels forbid the namespaces that bubblewrap needs.
 *
 * @param env PATH says where to look
 */
export async function findSandbox(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Promise<SandboxSupport> {
  const place = { cwd: '/', env };
  const environment = { PATH: env.PATH ?? '/usr/bin:/bin' };
  if (platform !== 'linux' && platform !== 'darwin')
    return { missing: `pwt knows no sandbox for ${platform}` };
  const kind = platform === 'linux' ? 'bwrap' : 'sandbox-exec';
  try {
    const path = await resolveCommand(kind === 'bwrap' ? 'bwrap' : SANDBOX_EXEC, place);
    const probe =
      kind === 'bwrap' ? [...systemMounts({ network: 'open' }), '--', '/bin/sh', '-c', ':'] : PROBE_PROFILE;
    const { exitCode, stderrTail } = await runCommand({
      command: path,
      args: probe,
      cwd: '/',
      env: environment,
      timeoutMs: PROBE_TIMEOUT_MS,
    });
    if (exitCode === 0) return { tool: { kind, path } };
    const said = stderrTail.trim().split('\n')[0] ?? '';
    return {
      missing: `${kind} is installed, but can’t confine a process here${said === '' ? '' : ` (${said})`}`,
    };
  } catch (error) {
    if (!isPwtError(error)) throw error;
    if (kind === 'sandbox-exec') return { missing: 'sandbox-exec is not there' };
    return { missing: 'bubblewrap is not installed', fix: 'Install the package bubblewrap' };
  }
}

const PROBE_PROFILE = ['-p', '(version 1)(allow default)', '/bin/sh', '-c', ':'];

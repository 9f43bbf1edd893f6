import type { SandboxNetwork } from './sandbox-options.js';

/**
 * What every confined process gets, as arguments of `bwrap` (bwrap(1)): everything to read, nothing to write; processes,
 * IPC and devices of its own.
 *
 * The user namespace is made for root too, with no capability in it: else root in the sandbox could mount what it
 * likes. The kernel's own switches below `/proc` belong to root by number, and are bound read-only by bwrap itself.
 */
export function systemMounts({ network }: { readonly network: SandboxNetwork }): string[] {
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc'],
    ...(network === 'off' ? ['--unshare-net'] : []),
    ...['--cap-drop', 'ALL'],
    ...['--ro-bind', '/', '/'],
    ...['--dev', '/dev'],
    ...['--proc', '/proc'],
  ];
}

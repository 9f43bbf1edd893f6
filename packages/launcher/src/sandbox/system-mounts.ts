import type { SandboxNetwork } from './sandbox-options.js';

/**
 * What every confined process gets, as arguments of `bwrap` (bwrap(1)): everything to read, nothing to write; processes,
 * IPC and devices of its own.
 *
 * The user namespace is made for root too, with no capability in it: else root in the sandbox could mount what it
 * likes. What the kernel lets root change below `/proc` goes by the user's number alone, so it is read-only.
 */
export function systemMounts({ network }: { readonly network: SandboxNetwork }): string[] {
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc'],
    ...(network === 'off' ? ['--unshare-net'] : []),
    ...['--cap-drop', 'ALL'],
    ...['--ro-bind', '/', '/'],
    ...['--dev', '/dev'],
    ...['--proc', '/proc'],
    ...KERNEL_SWITCHES.flatMap((path) => ['--ro-bind-try', path, path]),
  ];
}

/** What container engines keep from their processes for the same reason. */
const KERNEL_SWITCHES = ['acpi', 'bus', 'fs', 'irq', 'mtrr', 'scsi', 'sys', 'sysrq-trigger'].map(
  (name) => `/proc/${name}`,
);

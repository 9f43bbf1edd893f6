import { PwtError } from '@pwt/core';
import { DarwinSystem } from './darwin.js';
import { LinuxSystem } from './linux.js';
import { SharedTable } from './shared-table.js';
import type { ProcessEntry, ProcessSystem } from './system.js';

let system: ProcessSystem | undefined;
let table: SharedTable | undefined;

/**
 * The operating system this process runs on.
 *
 * @throws PwtError `PWT_UNSUPPORTED_PLATFORM` on anything but Linux and macOS
 */
export function currentSystem(): ProcessSystem {
  system ??= createSystem(process.platform);
  return system;
}

/** The process table as it is at some time after this call; see {@link SharedTable}. */
export function processTable(): Promise<ProcessEntry[]> {
  table ??= new SharedTable(currentSystem());
  return table.read();
}

/** @throws PwtError `PWT_UNSUPPORTED_PLATFORM` */
export function createSystem(platform: NodeJS.Platform): ProcessSystem {
  if (platform === 'linux') return new LinuxSystem();
  if (platform === 'darwin') return new DarwinSystem();
  throw new PwtError('PWT_UNSUPPORTED_PLATFORM', `pwt does not run on ${platform}.`, {
    hint: platform === 'win32' ? 'Run it inside WSL: https://aka.ms/wsl' : 'Use Linux or macOS.',
    data: { platform },
  });
}

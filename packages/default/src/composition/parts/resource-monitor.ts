import type { ResourceMonitor } from '@pwt/core';
import { SystemResourceMonitor } from '@pwt/resources';
import type { Project } from '../../project/project.js';

/** The built-in monitor; disk is that of the folder in which worktrees are made. */
export function makeResourceMonitor({ root }: Project): ResourceMonitor {
  return new SystemResourceMonitor({ diskPath: root });
}

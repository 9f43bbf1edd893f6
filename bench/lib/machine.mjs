import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** What the figures depend on. */
export function machine() {
  return {
    cores: `${availableParallelism()} cores`,
    platform: `${process.platform} ${process.arch}`,
    node: `Node ${process.versions.node}`,
    git: execFileSync('git', ['--version']).toString().trim(),
  };
}

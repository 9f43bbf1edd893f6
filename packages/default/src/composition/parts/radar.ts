import type { Radar } from '@pwt/core';
import { GitRadar } from '@pwt/radar';
import type { Project } from '../../project/project.js';

/** How long one look of a run may spend on worktrees at which git has to look as a whole. */
const SCAN_MS = 250;

/** How long the merges of one look may take. */
const MERGE_MS = 250;

/** The built-in radar of a run, which looks again and again. */
export function makeRadar({ git, repository }: Project): Radar {
  return new GitRadar({
    git,
    commonDir: repository.commonDir,
    watch: true,
    scanMs: SCAN_MS,
    mergeMs: MERGE_MS,
  });
}

/** One for a single look, at everything; or for many. */
export function makeRadarForAll({ git, repository }: Project, watch: boolean): Radar {
  return new GitRadar({ git, commonDir: repository.commonDir, watch });
}

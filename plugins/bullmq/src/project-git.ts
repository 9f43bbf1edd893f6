import type { PluginContext } from '@pwt/core';
import { Git } from '@pwt/git';

/** Git in the project, with the configuration that the user has trusted. */
export function gitOf({
  projectRoot,
  env,
  gitPlace,
}: Pick<PluginContext, 'projectRoot' | 'env' | 'gitPlace'>): Git {
  const git = new Git({ cwd: projectRoot, env });
  return gitPlace === undefined ? git : git.inPlace(gitPlace);
}

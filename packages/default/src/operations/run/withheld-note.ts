import type { Finding, WorkspaceProvider } from '@pwt/core';
import { withheldSecrets } from '@pwt/process';
import type { Composition } from '../../composition/composition.js';

/** Said when a gate on this machine does not get variables of the user's because they look like secrets. */
export function withheldNote(
  { project, config }: Pick<Composition, 'project' | 'config'>,
  { placesByLabels }: Pick<WorkspaceProvider, 'placesByLabels'>,
): Finding[] {
  // A gate on another machine has the environment of that one.
  if (config.gate === undefined || placesByLabels === true) return [];
  const names = withheldSecrets(project.env, config.env?.gate);
  const [first] = names;
  if (first === undefined) return [];
  return [
    {
      kind: 'environment',
      severity: 'info',
      taskIds: [],
      message: `The gate runs what agents wrote, so it does not get what looks like a secret: ${names.join(', ')}.`,
      hint: `To pass one on: pwt run --env gate=${first}`,
      subjects: names,
    },
  ];
}

import type { Finding } from '@pwt/core';
import { withheldSecrets } from '@pwt/process';
import type { Composition } from '../../composition/composition.js';

/** Said when the gate does not get variables of the user's because they look like secrets. */
export function withheldNote({ project, config }: Pick<Composition, 'project' | 'config'>): Finding[] {
  if (config.gate === undefined) return [];
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

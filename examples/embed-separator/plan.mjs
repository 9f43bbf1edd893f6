import { separateSpecs } from '@pwt/separator';

/**
 * The lines of a plan for people: what each task touches, which tasks stand in each other's way and where their
 * specs say so, and which can run at the same time.
 *
 * @param {import('@pwt/separator').SeparatedSpecs} separated
 * @returns {string[]}
 */
export function planLines({ tasks, taskFileMap, conflicts, independentPairs }) {
  const width = Math.max(...tasks.map(({ title }) => title.length));
  return [
    ...tasks.map(({ id, title }) => `${id}  ${title.padEnd(width)}  ${taskFileMap[id]?.join(', ')}`),
    '',
    ...conflicts.map(({ tasks: [a, b], paths, mine, theirs }) => {
      const evidence = [mine, theirs].map(({ place }) => `${place?.path}:${place?.line}`);
      return `${a} and ${b} conflict: ${paths.join(', ')} (${evidence.join(', ')})`;
    }),
    '',
    `At the same time: ${independentPairs.map((pair) => pair.join('+')).join(', ')}`,
  ];
}

/**
 * The plan for a project with these files.
 *
 * @param {readonly {path: string, text: string}[]} specs
 * @param {readonly string[]} tree The paths that exist already: short names in specs are completed with them.
 */
export function planOf(specs, tree) {
  return separateSpecs(specs, { tree });
}

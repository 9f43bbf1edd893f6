import type { Change } from './changes.js';

/** A line that says what has to be there first: "Depends on `add-users`", "- **Dependencies**: requires `add-users`". */
const NEEDS =
  /^\W*(?:dependencies\W+)?(?:(?:this (?:change|proposal) )?(?:depends on|dependent on|requires|is blocked by|blocked by|builds on)|dependencies)\b(.*)$/i;
const NAME = /[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]/g;

/** A heading over a list of what has to be there first. */
const NEEDS_HEADING = /^#{1,6}\s+(?:dependencies|depends on|prerequisites|blocked by)\b/i;
const LISTED = /^\s*[-*+]\W+([A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9])/;

/**
 * The other changes that the proposal of each change names as what it depends on. Only names of changes count, so words that
 * only look like one are no harm.
 *
 * @returns names by the name of the change
 */
export function namedChanges(
  changes: readonly Change[],
  proposals: readonly (string | undefined)[],
): ReadonlyMap<string, readonly string[]> {
  const known = new Set(changes.map(({ name }) => name));
  return new Map(
    changes.map(({ name }, at) => {
      const words = wordsAfterNeeds(proposals[at] ?? '');
      return [name, [...new Set(words)].filter((word) => word !== name && known.has(word))];
    }),
  );
}

function wordsAfterNeeds(proposal: string): readonly string[] {
  let isListed = false;
  return proposal.split('\n').flatMap((line) => {
    if (line.startsWith('#')) isListed = NEEDS_HEADING.test(line);
    const listed = isListed ? LISTED.exec(line)?.[1] : undefined;
    return [...((NEEDS.exec(line.slice(0, 1000))?.[1] ?? '').match(NAME) ?? []), ...(listed ? [listed] : [])];
  });
}

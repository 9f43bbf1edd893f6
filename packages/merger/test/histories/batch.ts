import { availableParallelism } from 'node:os';
import fc from 'fast-check';
import { repositoryWith, type TestRepository, temporaryFolder } from '../repository.js';
import { type History, histories, type Node } from './history.js';
import { importHistories } from './imported.js';

const SEED = 20_261;
const PROVE = process.env.PWT_PROVE === '1';
/** Histories of one repository. */
const SIZE = PROVE ? 500 : 60;
/** In full it is ten thousand histories. */
export const batches = Array.from({ length: PROVE ? 20 : 1 }, (_, index) => index);

/** Some histories in a repository, each with a branch `target-<index>` at its tip. */
export interface Batch {
  readonly repository: TestRepository;
  readonly histories: readonly History[];
  readonly ids: ReadonlyMap<Node, string>;
}

/** The histories of a batch are the same ones each time. */
export async function makeBatch(number: number): Promise<Batch> {
  const sampled = fc.sample(histories, { seed: SEED + number, numRuns: SIZE });
  const { repository } = await repositoryWith({ a: 'a\n' });
  const ids = await importHistories(repository.git, sampled, temporaryFolder());
  const targets = sampled.map(({ tip }, index) => `create refs/heads/target-${index} ${ids.get(tip)}\n`);
  await repository.git.run(['update-ref', '--stdin'], { input: targets.join('') });
  return { repository, histories: sampled, ids };
}

/** Runs an action for each item, as many at once as there are cores; the results in the order of the items. */
export async function forEachAtOnce<T, R>(
  items: readonly T[],
  action: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await action(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

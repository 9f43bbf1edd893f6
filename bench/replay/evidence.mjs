import { EvidenceTree, taskEvidence } from '@pwt/risk';
import { RegexSpecSeparator } from '@pwt/separator';

/**
 * @typedef {object} ReadTask
 * @property {import('@pwt/core').TaskClaims} scope Without claims to bookkeeping and to the spec itself.
 * @property {import('@pwt/risk').TaskEvidence} evidence
 */

/**
 * What pwt finds in the texts of a corpus, each task by itself and against the tree of its time.
 *
 * @param {import('./corpus.mjs').Corpus} corpus
 * @returns {ReadTask[]} in the order of the tasks
 */
export function readTasks({ tasks, isBookkeeping }) {
  /** @type {Map<readonly string[], EvidenceTree>} */
  const trees = new Map();
  const separator = new RegexSpecSeparator();
  return tasks.map(({ id, specPath, text, tree }) => {
    const task = { id, title: id, specs: [{ path: specPath, text, hash: '' }], dependsOn: [] };
    const found = separator.separateNow({ tasks: [task], tree: { paths: tree } }).claims[0];
    if (!found) throw new Error(`no claims for task ${id}`);
    const claims = found.claims.filter(({ pattern }) => !isBookkeeping(pattern) && pattern !== specPath);
    const scope = { ...found, claims };
    const paths = trees.get(tree) ?? new EvidenceTree(tree);
    trees.set(tree, paths);
    return { scope, evidence: taskEvidence(task, scope, paths) };
  });
}

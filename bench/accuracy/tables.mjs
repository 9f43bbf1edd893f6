import { decimal, estimated, short, textColumns } from './format.mjs';

/**
 * @typedef {import('../lib/table.mjs').Table} Table
 * @typedef {import('./accuracy.mjs').Accuracy} Accuracy
 */

/**
 * What was measured, for reading.
 *
 * @param {Accuracy} accuracy
 * @returns {Table[]}
 */
export function accuracyTables(accuracy) {
  return [
    claimsTable(accuracy),
    coverageTable(accuracy),
    probabilityTable(accuracy),
    gainTable(accuracy),
    calibrationTable(accuracy),
  ];
}

/**
 * @param {Accuracy} accuracy
 * @returns {Table}
 */
function claimsTable({ corpora }) {
  return {
    title: 'Claims: files and pairs',
    columns: textColumns(['corpus', 'tasks', 'of', 'precision', 'recall', 'F1', 'NPV', 'yield']),
    rows: corpora.flatMap(({ corpus, tasks, fileScores: files, pairScores: pairs }) => {
      const rates = (/** @type {typeof files} */ { precision, recall, f1 }) => ({
        precision: estimated(precision),
        recall: estimated(recall),
        F1: estimated(f1),
      });
      return [
        { corpus, tasks: String(tasks), of: 'files', ...rates(files) },
        { corpus, of: 'pairs', ...rates(pairs), NPV: estimated(pairs.npv), yield: estimated(pairs.yield) },
      ];
    }),
    note: 'Files: means over tasks. Pairs: over all of them; NPV: how many of those that are said to be safe are; yield: how many of the safe ones are said to be.',
  };
}

/**
 * @param {Accuracy} accuracy
 * @returns {Table}
 */
function coverageTable({ corpora }) {
  return {
    title: 'What the texts say about the changed files',
    columns: {
      corpus: 'text',
      claimed: 'percent',
      'only mentioned': 'percent',
      'only a word': 'percent',
      nothing: 'percent',
      'existing, not named': 'percent',
    },
    rows: corpora.map(({ corpus, coverage }) => ({
      corpus,
      claimed: coverage.claimed,
      'only mentioned': coverage.mentioned,
      'only a word': coverage.hinted,
      nothing: coverage.silent,
      'existing, not named': coverage.existingUnnamed,
    })),
    note: 'The last: of the changed files that existed before, how many are neither claimed nor mentioned.',
  };
}

/**
 * @param {Accuracy} accuracy
 * @returns {Table}
 */
function probabilityTable({ corpora }) {
  const titled = corpora.map(({ corpus, tasks, collide, probability }) => ({
    title: `${corpus}, ${tasks} tasks, ${Math.round(collide * 100)} % of pairs collide`,
    probability,
  }));
  const unknown = corpora.map(({ corpus, unknownScopes }) => `${unknownScopes} in ${corpus}`).join(', ');
  return {
    title: 'The probability of a collision',
    columns: textColumns(['', ...titled.map(({ title }) => title)]),
    rows: Object.keys(corpora[0]?.probability ?? {}).map((row) => ({
      '': row,
      ...Object.fromEntries(
        titled.map(({ title, probability }) => [
          title,
          estimated(probability[row], row.startsWith('Brier') ? 3 : 2),
        ]),
      ),
    })),
    note: `Tasks without a scope conflict with every other one: ${unknown}.`,
  };
}

/**
 * @param {Accuracy} accuracy
 * @returns {Table}
 */
function gainTable({ corpora }) {
  return {
    title: 'What the model adds to the claims',
    columns: textColumns(['corpus', 'AUC higher by', 'Brier lower by']),
    rows: corpora.map(({ corpus, gain }) => ({
      corpus,
      'AUC higher by': estimated(gain.auc),
      'Brier lower by': estimated(gain.brier, 3),
    })),
    note: 'Differences within each sample. Brier: the model with the intercept, beside the claims with their rates, both from other tasks.',
  };
}

/**
 * @param {Accuracy} accuracy
 * @returns {Table}
 */
function calibrationTable({ corpora, calibration }) {
  const columns = [{ corpus: 'all', calibration }, ...corpora];
  return {
    title: 'Calibration of the refit: predicted → happened (pairs)',
    columns: textColumns(['predicted', ...columns.map(({ corpus }) => corpus)]),
    rows: calibration.map(({ from, to }, at) => ({
      predicted: `${short(from)} – ${short(to)}`,
      ...Object.fromEntries(
        columns.map(({ corpus, calibration: bins }) => {
          const { pairs = 0, predicted = 0, happened = 0 } = bins[at] ?? {};
          const cell = `${decimal(predicted)} → ${decimal(happened)} (${pairs.toLocaleString('en')})`;
          return [corpus, pairs === 0 ? '' : cell];
        }),
      ),
    })),
  };
}

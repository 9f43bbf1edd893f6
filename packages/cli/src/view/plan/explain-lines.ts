import type { SeparationPolicy } from '@pwt/core';
import type { ExplainedConflict, PairExplanation, QuotedClaim } from '@pwt/planner';
import { formatPlace } from '../../format/lists.js';
import { oneLine } from '../../format/text.js';
import { count, formatChance } from '../../format/units.js';
import { labelsText } from '../labels-text.js';
import { fitted, most, type Page, rowLines, wrapped } from '../page.js';

export interface ExplainPage extends Page {
  readonly separation: SeparationPolicy;
}

const MOST_CONFLICTS = 10;

const policyWords: Readonly<Record<SeparationPolicy, string>> = {
  strict: 'they will not run at the same time (separation: strict)',
  balanced: 'they run at the same time only when nothing better is waiting (separation: balanced)',
  eager: 'they may run at the same time (separation: eager)',
};

/** Why two tasks may, or may not, run at the same time, for people. Pure. */
export function explainLines(explanation: PairExplanation, page: ExplainPage): string[] {
  const { tasks, conflicts, shared, nearest, dependency, probability, reasons } = explanation;
  const { bold, dim } = page.colours;
  const limit = most(page, MOST_CONFLICTS);
  const open = conflicts.flatMap(({ claims }) => claims).filter(isUnknownScope);
  const meant = conflicts.filter(({ claims }) => !claims.some(isUnknownScope));
  return [
    ...tasks.flatMap(({ id, title, runsOn }) => [
      `${bold(id)}  ${fitted(oneLine(title), page, id.length + 2)}`,
      ...(runsOn ? [dim(fitted(`  on a machine with ${oneLine(labelsText(runsOn))}`, page))] : []),
    ]),
    '',
    ...relationLines(explanation, page),
    ...(dependency ? [dependencyLine(dependency)] : []),
    '',
    ...tasks.flatMap(({ id }) =>
      unknownScopeLines(
        open.find(({ taskId }) => taskId === id),
        page,
      ),
    ),
    ...meant.slice(0, limit).flatMap((conflict) => conflictLines(conflict, page)),
    ...(meant.length > limit
      ? [`… and ${count(meant.length - limit, 'more conflict')} (see --json)`, '']
      : []),
    ...(shared.length > 0 ? [bold('Overlaps without a conflict'), ''] : []),
    ...shared
      .slice(0, limit)
      .flatMap(({ witness, claims }) => [
        `${oneLine(witness)}  ${dim(sharedWords(claims))}`,
        ...claims.flatMap((quoted) => quoteLines(quoted, page)),
        '',
      ]),
    ...(nearest
      ? [
          `The closest claims are in: ${nearest.folder === '' ? 'the root of the repository' : `the folder ${oneLine(nearest.folder)}`}`,
          ...nearest.claims.flatMap((quoted) => quoteLines(quoted, page)),
          '',
        ]
      : []),
    `The probability that both change the same file: ${formatChance(probability)}`,
    ...reasons.flatMap(({ message }) => wrapped(`  ${oneLine(message)}`, page, '    ')),
  ];
}

function relationLines({ relation }: PairExplanation, { colours, separation }: ExplainPage): string[] {
  const { red, yellow, green } = colours;
  switch (relation) {
    case 'conflict':
      return [`${red('conflict')}: they never run at the same time`];
    case 'possible':
      return [`${yellow('possible')}: ${policyWords[separation]}`];
    case 'independent':
      return [`${green('independent')}: no claim of one conflicts with a claim of the other`];
  }
}

function dependencyLine(ids: readonly string[]): string {
  if (ids[0] === ids.at(-1))
    return `they depend on each other (${ids.join(' → ')}), so neither can ever start`;
  const between = ids.length > 2 ? ` (${ids.join(' → ')})` : '';
  return `${ids[0]} waits for ${ids.at(-1)}${between}, so they run one after the other in any case`;
}

/** A task that names no file overlaps every claim of the other: one line says so. */
function unknownScopeLines(quoted: QuotedClaim | undefined, page: Page): string[] {
  if (!quoted) return [];
  const { taskId } = quoted;
  return [
    ...wrapped(`${taskId} names no file that it will change, so it is taken to touch everything`, page),
    ...quoteLines(quoted, page),
    '',
  ];
}

function isUnknownScope({ claim }: QuotedClaim): boolean {
  return claim.rule === 'unknown-scope';
}

function conflictLines(
  { relation, kind, witness, against, claims }: ExplainedConflict,
  page: Page,
): string[] {
  const paths = witness === against ? oneLine(witness) : `${oneLine(witness)} against ${oneLine(against)}`;
  return [
    `${fitted(paths, page, 12)}  ${page.colours.dim(`${relation}: ${conflictWords(relation, kind, claims)}`)}`,
    ...claims.flatMap((quoted) => quoteLines(quoted, page)),
    '',
  ];
}

/** Why two claims conflict. */
function conflictWords(
  relation: ExplainedConflict['relation'],
  kind: ExplainedConflict['kind'],
  claims: readonly QuotedClaim[],
): string {
  if (kind === 'collision') return 'one path where case and normalisation do not count';
  if (kind === 'file-directory') return 'one needs a file where the other needs a folder';
  if (relation === 'conflict') return 'both change it';
  if (claims.some(({ claim }) => claim.mode === 'read')) return 'one reads what the other changes';
  return 'the text leaves open whether both change it';
}

function sharedWords([mine]: readonly [QuotedClaim, QuotedClaim]): string {
  const { mode, class: kind } = mine.claim;
  if (mode === 'read') return 'both only read it';
  return kind === 'append' ? 'both only add to it' : 'it is made by a tool, not by hand';
}

function quoteLines({ taskId, claim, text }: QuotedClaim, page: Page): string[] {
  const notes = [claim.rule, ...(claim.confidence === 'declared' ? [] : [claim.confidence])].join(' ');
  const where = formatPlace(claim.place);
  const row = [
    taskId,
    `${claim.mode} ${oneLine(claim.pattern)}`,
    `${where ? `${oneLine(where)} ` : ''}${notes}`,
  ];
  return [
    ...rowLines([row], '  ', page),
    ...(text === undefined ? [] : [page.colours.dim(fitted(`      ${oneLine(text)}`, page))]),
  ];
}

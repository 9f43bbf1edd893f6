import { type ChosenLanding, type CommitId, type DeclinedLanding, defined, type Verdict } from '@pwt/core';
import { followTarget, refusalOfMove } from '../landing/follow-target.js';
import { judgeWhole } from '../landing/judge-whole.js';
import { saidOf } from '../pipeline/endings.js';
import { firstRed, lastLineOf } from '../pipeline/verdicts.js';
import type { RunContext } from '../run/run-context.js';
import { type ChosenChain, chainOf } from './chosen-chain.js';
import { neededToJoin, testedWith } from './needs.js';

export type JoinedChain = Extract<ChosenChain, { readonly status: 'joined' }>;

/** Why a choice does not work. */
export type Why = Omit<DeclinedLanding, keyof ChosenLanding>;

export type TestedChoice =
  /** Joined to the target at `from`, and let through by the gate. */
  | { readonly status: 'tested'; readonly from: CommitId; readonly chain: JoinedChain }
  | { readonly status: 'declined'; readonly why: Why }
  /** The run is being stopped. */
  | { readonly status: 'stopped' };

/** Joins what a person has chosen to the target as it is, and has the gate run on that. Moves no ref that counts. */
export async function testChosen(context: RunContext, chosen: ChosenLanding): Promise<TestedChoice> {
  const from = await targetTip(context);
  if (typeof from !== 'string') return { status: 'declined', why: from };
  const chain = await chainOf(context, chosen.taskIds, from);
  if (chain.status === 'conflicted')
    return { status: 'declined', why: await conflictOf(context, chosen, from, chain) };
  const verdict = await judged(context, chosen, from, chain);
  if (verdict === 'stopped') return { status: 'stopped' };
  if (verdict !== undefined) return { status: 'declined', why: redOf(context, chosen, verdict, chain) };
  return { status: 'tested', from, chain };
}

/** Where the target is, or why nothing can be put there. */
async function targetTip(context: RunContext): Promise<CommitId | Why> {
  const { log, parts, target } = context;
  const { landedTip: known } = log.run;
  const tip = await parts.merger.tip(target);
  if (tip === undefined)
    return { kind: 'target', message: `The branch ${target} does not exist any more.`, needs: [] };
  if (tip === known) return tip;
  const move = await followTarget(context, known, tip);
  if (move.status === 'to-join') return tip;
  const { message, hint } = refusalOfMove(context, tip, move.rewrite).refusal;
  return { kind: 'target', message, needs: [], ...defined({ hint }) };
}

/** @returns the verdict of a gate that does not let it through; `undefined` if nothing keeps it back */
async function judged(
  context: RunContext,
  { taskIds }: ChosenLanding,
  onto: CommitId,
  { head: commit }: JoinedChain,
): Promise<Verdict | 'stopped' | undefined> {
  const { gate } = context.parts;
  if (gate === undefined || commit === onto) return undefined;
  const whole = { taskIds, purpose: 'choice', onto, commit, isKnownRed: false } as const;
  const answer = await judgeWhole(context, gate, whole);
  if (answer.status === 'rejected') return answer.verdict;
  return answer.status === 'stopped' ? 'stopped' : undefined;
}

async function conflictOf(
  context: RunContext,
  { taskIds }: ChosenLanding,
  tip: CommitId,
  { taskId, paths }: Extract<ChosenChain, { readonly status: 'conflicted' }>,
): Promise<Why> {
  const needs = await neededToJoin(context, taskIds, tip, { taskId, paths });
  const files = paths.map(({ path }) => path).join(', ');
  const message =
    needs.length > 0
      ? `Task ${taskId} can't land without ${needs.join(', ')}: they change the same lines of ${files}.`
      : `Task ${taskId} can't be joined to ${context.target}: conflicts in ${files}.`;
  return { kind: 'conflict', message, needs, unjoined: taskId, paths };
}

function redOf(
  context: RunContext,
  { taskIds }: ChosenLanding,
  verdict: Verdict,
  { head }: JoinedChain,
): Why {
  const part = firstRed(verdict);
  const line = lastLineOf(verdict, part);
  const { verdicts } = context.log.state;
  const logFile = part?.logFile ?? verdicts.get(head)?.logFile;
  const needs = verdict.status === 'broken' ? [] : testedWith(context, taskIds);
  const what = `On ${context.target} with ${taskIds.join(', ')} and nothing else, ${saidOf(verdict, part)}`;
  const builds = needs.length === 0 ? '' : `. It came through its tests on top of ${needs.join(', ')}`;
  const message = `${what}${line === '' ? '' : `: ${line}`}${builds}.`.replace(/\.\.$/, '.');
  return { kind: 'gate', message, needs, ...defined({ logFile }) };
}

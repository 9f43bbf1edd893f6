import { type Blame, saidOf } from '../endings.js';
import { firstRed } from '../verdicts.js';
import { inline, quote } from './quote.js';

/** For an agent whose work the gate does not let through: what the gate has said, its end first. */
export function gateRed({ task, verdict, partner, excused }: Blame): string {
  const part = firstRed(verdict, excused);
  const said = part?.summary ?? ('summary' in verdict ? verdict.summary : '');
  return [
    `After your last turn, your work was joined with what is finished of the other tasks, and the project's gate ran on the result: ${saidOf(verdict, part)}. Find out why, and put it right.`,
    ...(partner === undefined
      ? []
      : [
          `It is red only where your work and that of task ${partner.id} (${inline(partner.title)}) are together: each is green without the other. Task ${partner.id} came first, so task ${task.id} has to fit in.`,
        ]),
    ...(said.trim() === '' ? [] : ['The gate printed, at its end:', quote(said)]),
  ].join('\n\n');
}

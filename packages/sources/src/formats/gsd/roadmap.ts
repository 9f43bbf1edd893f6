/** What `ROADMAP.md` says of phases and plans. */
export interface Roadmap {
  /** The lines with a box for a phase, by its number without zeros in front. */
  readonly phases: ReadonlyMap<string, RoadmapLine>;
  /** The lines with a box for a plan, by its id. */
  readonly plans: ReadonlyMap<string, RoadmapLine>;
  /** The phases that a phase depends on, by its number; absent where it says nothing. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

export interface RoadmapLine {
  readonly line: number;
  readonly isTicked: boolean;
}

const PHASE_BOX = /^\s*[-*] \[([ xX])\] (?:\*\*|~~)*Phase (\d+[A-Z]?(?:\.\d+)*)\b/i;
const PLAN_BOX = /^\s*[-*] \[([ xX])\] (?:\*\*|`|\[)*((?:[A-Z]{1,6}-)?\d+[A-Z]?(?:\.\d+)*-\d+)\b/i;
const PHASE_HEADING = /^#{2,4} (?:\S* )?Phase (\d+[A-Z]?(?:\.\d+)*)\b/i;
const NEEDS = /^\s*(?:[-*] )?\*\*Depends on(?:\*\*:|:\*\*)\s*(.*)$/i;

/** Reads a roadmap. */
export function readRoadmap(text: string): Roadmap {
  const phases = new Map<string, RoadmapLine>();
  const plans = new Map<string, RoadmapLine>();
  const needs = new Map<string, readonly string[]>();
  let phase: string | undefined;
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.slice(0, 400);
    const [, phaseMark, numbered = ''] = PHASE_BOX.exec(line) ?? [];
    const [, planMark, plan = ''] = PLAN_BOX.exec(line) ?? [];
    const heading = PHASE_HEADING.exec(line)?.[1];
    const named = NEEDS.exec(line)?.[1];
    if (phaseMark !== undefined)
      phases.set(plainPhase(numbered), { line: at + 1, isTicked: phaseMark !== ' ' });
    else if (planMark !== undefined) plans.set(plan, { line: at + 1, isTicked: planMark !== ' ' });
    else if (heading !== undefined) phase = plainPhase(heading);
    else if (/^#{1,3} /.test(line)) phase = undefined;
    else if (named !== undefined && phase !== undefined) {
      const numbers = named.replace(/\([^)]*\)/g, '').match(/\d+[A-Z]?(?:\.\d+)*/gi) ?? [];
      needs.set(phase, numbers.map(plainPhase));
    }
  }
  return { phases, plans, needs };
}

/** `01` as `1`, `02.1` as `2.1`. */
export function plainPhase(phase: string): string {
  return phase.replace(/^(?:[A-Z]+-)?0*(?=\d)/i, '');
}

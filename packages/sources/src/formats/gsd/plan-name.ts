/** What the path of a plan says: `.planning/phases/01-x/01-02-PLAN.md`. */
export interface PlanName {
  /** The id by which other plans name it: `01-02`. */
  readonly id: string;
  /** Its file without `-PLAN.md`: `01-02-update-metadata`. */
  readonly stem: string;
  /** `01`, `02.1`. */
  readonly phase: string;
}

const PHASE = /^((?:[A-Z]{1,6}-)?\d+[A-Z]?(?:\.\d+)*)(?:-|$)/i;
const OWN = /^((?:[A-Z]{1,6}-)?\d+[A-Z]?(?:\.\d+)*)-(\d+)(?=-|$)/i;
const ASIDE = /-OUTLINE\.md$|\.pre-bounce\.md$/i;

/** The number of a phase's folder: `01` of `01-foundation`. */
function phaseOf(folder: string): string | undefined {
  return PHASE.exec(folder)?.[1];
}

/** Reads the name of a plan in a phase's folder; `undefined` for any other file. */
export function planName(folder: string, file: string): PlanName | undefined {
  const phase = phaseOf(folder);
  const stem = ASIDE.test(file) ? undefined : (stemOf(file, 'PLAN') ?? nestedStem(file, 'PLAN'));
  if (phase === undefined || stem === undefined) return undefined;
  const [canonical] = OWN.exec(stem) ?? [];
  if (canonical !== undefined) return { id: canonical, stem, phase };
  const number = /^\d+/.exec(stem)?.[0];
  return { id: number === undefined ? phase : `${phase}-${number}`, stem, phase };
}

/** The stems that summaries stand for: `01-02` of `01-02-SUMMARY.md`. */
export function summaryStem(file: string): string | undefined {
  return stemOf(file, 'SUMMARY') ?? nestedStem(file, 'SUMMARY');
}

/** The file of the summary of a plan, beside it. */
export function summaryPath(plan: string): string {
  const at = plan.lastIndexOf('/') + 1;
  const file = plan.slice(at);
  const name = /PLAN\.md$/.test(file)
    ? file.replace(/PLAN\.md$/, 'SUMMARY.md')
    : file.replace('PLAN-', 'SUMMARY-');
  return plan.slice(0, at) + name;
}

function stemOf(file: string, kind: string): string | undefined {
  if (file === `${kind}.md`) return '';
  return file.endsWith(`-${kind}.md`) ? file.slice(0, -kind.length - 4) : undefined;
}

/** `PLAN-01-setup.md`, as in a folder `plans`. */
function nestedStem(file: string, kind: string): string | undefined {
  return new RegExp(`^${kind}-(\\d+.*)\\.md$`).exec(file)?.[1];
}

/** True if a name, as `depends_on` or a summary has it, means a plan: by its number or by its whole name. */
export function means(name: string, { id, stem }: PlanName): boolean {
  const plain = name
    .trim()
    .replace(/\.md$/i, '')
    .replace(/-?PLAN$/i, '');
  return plain === stem || plain === id || OWN.exec(plain)?.[0] === id;
}

/** `1-2`, `01.02`, `1.2-PLAN` … as `01-02`; a phase of its own, `2.1-1`, as `02.1-01`. */
export function normalisePlanId(id: string): string {
  const plain = id.trim().replace(/(?:-?PLAN)?(?:\.md)?$/i, '');
  const [, phase, sub = '', plan] = /^(\d{1,3})((?:\.\d{1,3})?)-(\d{1,3})$/.exec(plain) ?? [];
  return phase === undefined ? plain : `${phase.padStart(2, '0')}${sub}-${(plan ?? '').padStart(2, '0')}`;
}

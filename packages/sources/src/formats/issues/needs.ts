/** `Depends on #12, #13`, `**Blocked by:** #7 and #8`, `- [ ] depends on https://host/o/r/issues/9`. */
const WAITS =
  /\b(?:depends[ -]on|dependent on|blocked[ -]by|requires|waits? for)\b[\s:*_]*((?:#\d+|https?:\/\/\S+\/issues\/\d+)(?:[\s,;&*_]+(?:and\s+|or\s+)?(?:#\d+|https?:\/\/\S+\/issues\/\d+))*)/gi;
const NUMBER = /#(\d+)|\/issues\/(\d+)/g;
const CODE = /^(`{3,}|~{3,}).*?^\1[^\n]*$|`[^`\n]*`/gms;

/**
 * The numbers of the issues that a text says it waits for. Links count if they lead to the same project.
 *
 * @param url the issue's own address
 */
export function needsIn(body: string, url: string | undefined): readonly number[] {
  const project = url?.replace(/\/issues\/\d+.*$/, '');
  const found = [...body.replace(CODE, '').matchAll(WAITS)].flatMap(([, list = '']) =>
    list.split(/[\s,;&]+/).flatMap((reference) => {
      const isElsewhere =
        /^https?:/.test(reference) && project !== undefined && !reference.startsWith(`${project}/`);
      return isElsewhere
        ? []
        : [...reference.matchAll(NUMBER)].map(([, short, long]) => Number(short ?? long));
    }),
  );
  return [...new Set(found)];
}

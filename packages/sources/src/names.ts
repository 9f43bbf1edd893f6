/** A part of an id that is safe everywhere and stays readable: `Add log-in!` becomes `Add-log-in`. */
export function nameForId(name: string, instead: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^[-_]+|[-_]+$/g, '')
      .slice(0, 60)
      .replace(/[-_]+$/, '') || instead
  );
}

/** Names of which those that repeat an earlier one are told apart by a number: `login`, `login-2`. */
export function distinct(names: readonly string[]): readonly string[] {
  const used = new Map<string, number>();
  return names.map((name) => {
    const times = (used.get(name.toLowerCase()) ?? 0) + 1;
    used.set(name.toLowerCase(), times);
    return times === 1 ? name : `${name}-${times}`;
  });
}

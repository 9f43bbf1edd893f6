/**
 * How a list of ids is asked for the one that a text means: in large or small letters, with or without leading zeros, and
 * with the prefix that the ids had before the configuration was given another one, where one id alone has that number.
 */
export function idFinder(ids: readonly string[]): (given: string) => string {
  const exact = new Map(ids.map((id) => [comparable(id), id]));
  const byNumber = new Map<string, string | undefined>();
  for (const id of new Set(exact.values())) {
    const number = numberIn(id);
    byNumber.set(number, byNumber.has(number) ? undefined : id);
  }
  return (given) => exact.get(comparable(given)) ?? byNumber.get(numberIn(given)) ?? given.toUpperCase();
}

function comparable(id: string): string {
  return id.toUpperCase().replace(/(?<![0-9])0+(?=\d)/g, '');
}

function numberIn(id: string): string {
  return comparable(id).replace(/^.*-/, '');
}

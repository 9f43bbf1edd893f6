/** How many files are looked at at the same time. */
const WIDTH = 32;

/** Does something for each of many, a few at the same time; results in their order. */
export async function eachOf<T, R>(
  items: readonly T[],
  action: (item: T) => Promise<R>,
  width: number = WIDTH,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await action(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return results;
}

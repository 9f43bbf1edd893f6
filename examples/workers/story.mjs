const since = performance.now();

/**
 * Tells what happens, with the seconds since the start.
 *
 * @param {string} text
 */
export function say(text) {
  console.log(`${((performance.now() - since) / 1000).toFixed(1).padStart(5)} s  ${text}`);
}

/**
 * The lines of `pwt run` that belong to the story.
 *
 * @param {string} line
 */
export function retell(line) {
  const [, text] =
    /^\d\d:\d\d:\d\d (\d+: (?:integrated|failed|lost|agent lost).*|.*machine \S+ was lost.*)$/.exec(line) ??
    [];
  if (text !== undefined) say(text);
}

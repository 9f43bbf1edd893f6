/**
 * The paths that the Python separator which pwt takes the place of finds in a spec: names of `.py` files made of
 * letters, digits, `_` and `/`, in backticks or as the first word of a fence.
 *
 * @param {string} text
 * @returns {ReadonlySet<string>}
 */
export function originalPaths(text) {
  const paths = new Set();
  for (const line of text.split('\n')) {
    for (const [, path] of line.matchAll(/`([\w/]{1,400}\.py)`/g)) paths.add(path);
  }
  for (const [, path] of text.matchAll(/```\w{1,40}\s{1,40}([\w/]{1,400}\.py)/g)) paths.add(path);
  return paths;
}

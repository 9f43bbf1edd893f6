/** What looks like the name of a function, a type or an option: letters alone, with a capital inside. */
const NAME = /`(?:new )?([A-Za-z]+)(?:[(.<{][^`]*)?`/g;

/**
 * The names in a README's running text and tables that no package knows any longer. What stands in a block of code is
 * left to the compiler.
 *
 * @param {string} readme
 * @param {string} reports the public names and signatures of all packages
 * @returns {string[]}
 */
export function unknownNames(readme, reports) {
  const known = new Set(reports.match(/[A-Za-z]+/g));
  const prose = readme.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
  const names = [...prose.matchAll(NAME)]
    .map(([, name = '']) => name)
    .filter((name) => /[a-z][A-Z]/.test(name));
  return [...new Set(names)].filter((name) => !known.has(name));
}

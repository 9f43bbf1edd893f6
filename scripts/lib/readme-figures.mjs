/** How far a figure may be from what a README says: one in ten, and one kB for what is small. */
const TOLERANCE = 0.1;

/**
 * Compares what a package costs a web page with what its README says: `36 kB minified, 13 kB gzipped`.
 *
 * @param {string} readme
 * @param {{bytes: number, gzipBytes: number}} bundle all of the package
 * @returns {string[]} the problems, each with what the README should say
 */
export function sizeProblems(readme, { bytes, gzipBytes }) {
  const [minified, gzipped] = [bytes, gzipBytes].map((size) => Math.round(size / 1000));
  const actual = `${minified} kB minified, ${gzipped} kB gzipped`;
  const said = /(\d+) kB minified, (\d+) kB gzipped/.exec(readme);
  if (said === null) return [`the README does not say: ${actual}`];
  const isNear = [bytes, gzipBytes].every((size, at) => {
    const stated = Number(said[at + 1]);
    return Math.abs(size / 1000 - stated) <= Math.max(1, stated * TOLERANCE);
  });
  return isNear ? [] : [`the README says ${said[0]}, and it is ${actual}`];
}

/**
 * Compares the packages that a package brings with what its README says: ``Pulls in `@pwt/core` and `yaml`.``
 *
 * @param {string} readme
 * @param {readonly string[]} installed their names
 * @returns {string[]} the problems, each with what the README should say
 */
export function dependencyProblems(readme, installed) {
  const actual =
    installed.length === 0
      ? 'Pulls in nothing.'
      : `Pulls in ${[...installed]
          .sort()
          .map((name) => `\`${name}\``)
          .join(', ')}.`;
  const said = /\bPulls in ([^.]*)\./.exec(readme);
  const stated = [...(said?.[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const isTrue = said !== null && stated.sort().join() === [...installed].sort().join();
  return isTrue ? [] : [`the README does not say: ${actual}`];
}

/**
 * A family of patterns: every pattern is a path of one to three segments, drawn from these.
 *
 * A segment holds two units at most (a character of `a` and `b`, `?`, a class, `*`), and so does each branch of a
 * brace. So whenever two patterns of a family overlap, they do so within {@link UNIVERSE}: on names of at most two
 * characters, because what one side's `*` takes in need not be more than what the other side spells out; of `a`,
 * `b` and one more for the classes that exclude one of them; four names deep at most, because with `**` on both
 * sides two and one names and a last one below `**`, or two and two, are the most that has to be there.
 *
 * @typedef {object} Family
 * @property {string} name
 * @property {readonly string[]} segments
 */

const literals = ['a', 'b', 'ab', 'ba'];
const stars = ['*', 'a*', '*b', '**'];

/** @type {readonly Family[]} */
export const families = [
  { name: '* and **', segments: [...literals, ...stars] },
  { name: '… and ?', segments: [...literals, ...stars, '?', '?b', 'a?', '??'] },
  { name: '… and braces', segments: [...literals, ...stars, '?b', '{a,b}', '{a,ba}', '{a*,?b}', '{b,**}'] },
  { name: '… and classes', segments: [...literals, ...stars, '[ab]', '[!a]', '[!b]*', 'a[!b]', '{[ab],*b}'] },
];

export const UNIVERSE = { characters: 'abc', nameLength: 2, depth: 4 };

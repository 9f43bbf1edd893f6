/** Other tools, which bring no types. */
declare module 'glob-intersect' {
  /** Whether two patterns overlap. */
  const globIntersect: (a: string, b: string) => boolean;
  export default globIntersect;
}

declare module 'glob-intersection' {
  /** The common pattern, or false. */
  const globIntersection: (a: string, b: string) => string | false;
  export default globIntersection;
}

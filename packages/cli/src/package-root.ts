/** The directory of this package, for `src/`, `dist/` and `bundle/` alike: this file lies directly in each. */
export const packageRoot: URL = new URL('../', import.meta.url);

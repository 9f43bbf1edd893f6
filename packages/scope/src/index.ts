/** @public */
export { type Collision, collision } from './collision.js';
export type { CommonPath, CommonPathsOptions } from './common-paths.js';
/** @public */
export { type DirectoryConflict, directoryConflict } from './directory.js';
export { expand } from './expand.js';
export { FileTree } from './file-tree.js';
export { LIMITS } from './limits.js';
export { literalPath } from './literal-path.js';
export { matches } from './match.js';
export { type Overlap, overlap } from './overlap.js';
export {
  escapePath,
  type ParseResult,
  parsePattern,
  parsePatterns,
  toPatternList,
  tryParsePattern,
} from './parse.js';
export type { Alternative, Item, Pattern, PatternLike, PatternList } from './pattern.js';
export { type PatternOverlap, ScopeIndex } from './scope-index.js';
export type { Segment } from './segment.js';

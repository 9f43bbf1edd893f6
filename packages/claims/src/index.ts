export {
  type AnalyseRequest,
  analyseClaims,
  type ClaimAnalysis,
  MOST_PAIR_TASKS,
} from './analyse/analyse-claims.js';
export { conflictsOfTask } from './analyse/conflicts-of-task.js';
export { type HotFile, hotFilesOf } from './analyse/hot-file.js';
export type { TaskConflict } from './analyse/task-conflict.js';
export type { ClaimNode, NodeConflict } from './claim-node.js';
export type { Conflict, ConflictKind, ConflictRelation } from './claim-relation.js';
export { type ClaimConflict, type ClaimedPath, ClaimTable, type HotFilesOptions } from './claim-table.js';
export { classOf } from './file-class.js';
export { type RelatedClaims, relateClaims, relateClaimsTo, type TaskRelation } from './relate-claims.js';
export { conflictingAmong, type TaskClaim } from './task-claim.js';

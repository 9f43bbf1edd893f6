export {
  type AnalyseRequest,
  analyseClaims,
  type ClaimAnalysis,
  MOST_PAIR_TASKS,
} from './analyse/analyse-claims.js';
export { ClaimBoard } from './analyse/claim-board.js';
export type { ContestedFile } from './analyse/contested-file.js';
export type { TaskConflict } from './analyse/task-conflict.js';
export { ClaimGraph, type ClaimNode, type Rivalry } from './claim-graph.js';
export {
  type ClaimConflict,
  ClaimIndex,
  type ConflictsOptions,
} from './claim-index.js';
export type { MeetingKind, Opposition } from './claim-meetings.js';
export { ClaimTable, type TableClaim, type TableHotFilesOptions } from './claim-table.js';
export { classOf } from './file-class.js';
export { type HeldClaim, opponentsAmong } from './held-claim.js';
export { type ClaimsVerdict, relateClaims } from './relate-claims.js';

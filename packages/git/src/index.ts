export { decodeText, diskPath, encodeText, isNotUtf8 } from './byte-text.js';
export { toChangedPath } from './changed-path.js';
export { checkSigning } from './check-signing.js';
export { type CommitTreeRequest, commitTree } from './commit.js';
export { type CommitAllOutcome, type CommitAllRequest, commitAll, writeWorktreeTree } from './commit-all.js';
export { splitConfigRecord } from './config-record.js';
export { conflictedPaths } from './conflicted-paths.js';
export {
  type ChangedFile,
  changedFiles,
  changedFilesOfEach,
  changedSince,
  type DiffRequest,
} from './diff.js';
export { discoverRepository, type Repository } from './discovery.js';
export { executableConfigKeys, isExecutableConfigKey } from './door/executable-keys.js';
export { type OpenDoorRequest, openDoor } from './door/open-door.js';
export { type ConfigEntry, readConfig, repositoryConfig } from './door/repository-config.js';
export { effectiveConfig, untrustedEntries } from './door/trusted-config.js';
export type { Environment } from './environment.js';
export { gitsWords } from './failure-text.js';
export {
  Git,
  type GitBytesResult,
  type GitOptions,
  type GitResult,
  type GitRunOptions,
} from './git.js';
export { gitDirAt, readGitDir } from './git-dir.js';
export type { GitPlace, WorktreePlace } from './git-place.js';
export { hashFile } from './hash-file.js';
export { followBranch, type Head, readHead } from './head.js';
export { findHidden } from './hidden.js';
export { isAncestor, mergeBases } from './history.js';
export { fallbackIdentity, fallbackWhereUnset, type Identity, readIdentity } from './identity.js';
export { onlyIgnored } from './ignored.js';
export { isSubmoduleBehind } from './inner/behind.js';
export { type FetchedGitlink, fetchGitlinks, type InnerLevel } from './inner/fetch-gitlinks.js';
export { findInnerGitDir, listModules } from './inner/find.js';
export { type Gitlink, listGitlinksOf, newGitlinks, passedGitlinks } from './inner/gitlinks.js';
export { readSubmodules } from './inner/gitmodules.js';
export { withInner } from './inner/mirror.js';
export { type InnerScan, type PopulatedGitlink, scanGitlinks, scanInner } from './inner/scan.js';
export { secureModules, type Unsafe } from './inner/secure.js';
export { seedModules } from './inner/seed.js';
export { joinLists } from './join-lists.js';
export { KeyedMutex } from './keyed-mutex.js';
export { retryWhileLocked, wasKilled } from './lock.js';
export { mergeBaseTree } from './merge-base-tree.js';
export { type MergedPair, type MergeManyRequest, type MergePair, mergeMany } from './merge-many.js';
export {
  type ConflictNote,
  type ConflictStage,
  type MergeLabels,
  type MergeTreeOutcome,
  type MergeTreeRequest,
  mergeTree,
} from './merge-tree.js';
export { mergeWithin } from './merge-within.js';
export { NearReader } from './near/near-reader.js';
export { isObjectId } from './object-id.js';
export { type AttributeFile, attributeFilesIn } from './objects/attribute-files.js';
export { readCommitObject, readCommitText } from './objects/commit-object.js';
export { compareTrees } from './objects/compare-trees.js';
export { findMergeBases } from './objects/near-merge-base.js';
export { type ObjectReader, objectsOf } from './objects/object-reader.js';
export { beginSwapping, dropRef, dropRefs, swapRef } from './objects/swap-ref.js';
export { type AtPath, entryAt, type TreeFileContent, withFiles } from './objects/tree-edit.js';
export { FOLDER_MODE, readTree, type Tree, type TreeEntry } from './objects/tree-entries.js';
export { writeCommit } from './objects/write-commit.js';
export { writeObject } from './objects/write-object.js';
export { filesInTheWay } from './onto/in-the-way.js';
export { hasMarkers, hasOneOf, isMarked, type MarkedText, namedMarkers } from './onto/markers.js';
export { forgetMerge, readMergeHead } from './onto/merge-state.js';
export { checkOutTree, type ShownMerge, showMerge } from './onto/show-merge.js';
export { type Operation, type OperationState, readOperationState } from './operation.js';
export { Quarantine, type WrittenType } from './quarantine.js';
export { readBlobs } from './read-blobs.js';

export type { ProcessView } from './recovery/process-view.js';
export {
  type JudgedLock,
  type Recovered,
  Recovery,
  type RecoveryOptions,
  WORKTREE_MARK,
} from './recovery/recovery.js';
export { findUnfinishedAt } from './recovery/unfinished.js';
export { isValidBranchName } from './ref-name.js';
export {
  deleteRef,
  listMergedRefs,
  listRefs,
  type Ref,
  type RefUpdate,
  readRef,
  requireCommit,
  resolveCommit,
  resolveObject,
  type UpdateRefRequest,
  updateRef,
} from './refs.js';
export {
  type RepositoryWithWorktree,
  requireHeadBranch,
  requireHeadCommit,
  requireWorktree,
} from './requirements.js';
export { type ResetRequest, resetCheckout } from './reset-checkout.js';
export type { Signing } from './signing.js';
export { type Captured, capture, isClean } from './snapshot/capture.js';
export { Containment } from './snapshot/containment.js';
export { keepSnapshot } from './snapshot/keep-snapshot.js';
export { listIgnored, type Place } from './snapshot/place.js';
export {
  listSnapshots,
  readSnapshot,
  type SnapshotEntry,
  type SnapshotParts,
} from './snapshot/read-snapshot.js';
export {
  type RestoredInner,
  restoreBranch,
  restoreInto,
  restoreWorktree,
} from './snapshot/restore-snapshot.js';
export { isSameState, type SnapshotNote, writeSnapshot } from './snapshot/write-snapshot.js';
export {
  readStatus,
  readWorktreeStatus,
  type StatusCode,
  type StatusEntry,
  type StatusOptions,
  type SubmoduleStatus,
  type TrackedChange,
  type WorktreeStatus,
} from './status.js';
export { listFiles, listPaths, requireTree, type TreeFile } from './tree.js';
export {
  haveMet,
  type MergeSides,
  type MergeToVerify,
  readSides,
  type SideChanges,
  verifyMerge,
} from './verify-merge.js';
export {
  type GitFeatures,
  type GitVersion,
  gitFeatureSince,
  isAtLeast,
  minimumGitVersion,
  recommendedGitVersion,
  requireGitVersion,
} from './version.js';
export { listWorktrees, type WorktreeEntry } from './worktree-list.js';
export { WorktreePaths } from './worktree-paths.js';
export {
  type AddWorktreeOutcome,
  type AddWorktreeRequest,
  addWorktree,
  expectWorktrees,
  findWorktree,
  forgetWorktree,
  takeOffUnfinished,
  type WorktreeHead,
} from './worktrees.js';

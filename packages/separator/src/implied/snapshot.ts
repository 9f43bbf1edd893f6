import type { FileTree } from '@pwt/scope';

const TEST = /(?:\.(?:test|spec)\.[cm]?[jt]sx?|(?:^|\/)(?:test_[^/]+|[^/]+_test)\.py)$/;

/** The tracked snapshot files that belong to this test file, in the places where test runners put them. */
export function snapshotsFor(path: string, tree: FileTree): readonly string[] {
  if (!TEST.test(path)) return [];
  const slash = path.lastIndexOf('/') + 1;
  const folder = path.slice(0, slash);
  const name = path.slice(slash);
  const stem = name.replace(/\.py$/, '');
  return [
    `${folder}__snapshots__/${name}.snap`,
    `${folder}__snapshots__/${stem}.ambr`,
    `${path}.snap`,
  ].filter((snapshot) => tree.has(snapshot));
}

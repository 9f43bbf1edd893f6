/**
 * What only old programs have written into histories, and nobody can make use of: a repository that has it is fetched all the same.
 * Everything else that `git fsck` calls an error is refused as it arrives.
 */
const OLD_FAULTS = [
  ...['badDate', 'badDateOverflow', 'badEmail', 'badName', 'badTimezone', 'missingEmail'],
  ...['missingNameBeforeEmail', 'missingSpaceBeforeDate', 'missingSpaceBeforeEmail', 'multipleAuthors'],
  ...['zeroPaddedDate', 'zeroPaddedFilemode', 'badFilemode', 'missingTaggerEntry', 'nullSha1'],
];

/**
 * A fetch of this object, or of what a ref is at, that changes no ref and writes nothing but objects.
 *
 * With its whole history and all files, also where the remote would give less. A shallow one has no merge base with what comes later, and
 * "contains" is wrong in it: no workspace could be moved onto a new base, or be removed. One without blobs asks the remote for them while an
 * agent works: not in a sandbox, which has no network, and not while the remote is down. The cost is once for each worker.
 */
export function fetchArguments(address: string, what: string): string[] {
  return [
    ...['-c', 'fetch.fsckObjects=true'],
    ...OLD_FAULTS.flatMap((fault) => ['-c', `fetch.fsck.${fault}=ignore`]),
    ...['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'],
    ...['--no-auto-maintenance', '--no-write-commit-graph', '--', address, what],
  ];
}

/** What exists already at the commit that is planned for. Paths are relative to the root. */
export interface TrackedPaths {
  has(path: string): boolean;
  hasDirectory(directory: string): boolean;
  /** The files that end in these names, such as `api/handler.py`; whole names only. */
  endingWith(path: string): readonly string[];
  /** In lower case and without its dot. */
  hasExtension(extension: string): boolean;
}

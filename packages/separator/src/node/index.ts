export { extractionBuild } from './extraction-build.js';
export { defaultSpecGlobs } from './find-specs.js';
export { MAX_SPEC_BYTES } from './read-spec.js';
export { type FolderEntry, nodeSpecFileSystem, type SpecFileSystem } from './spec-file-system.js';
export { SpecFolderSource, type SpecFolderSourceOptions } from './spec-folder-source.js';

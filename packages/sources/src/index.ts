export { extractionBuild } from './extraction-build.js';
export {
  PromptFolderSource,
  type PromptFolderSourceOptions,
} from './formats/prompt-folders/prompt-folder-source.js';
export { defaultSpecGlobs } from './formats/spec-files/find-specs.js';
export { MAX_SPEC_BYTES } from './formats/spec-files/read-spec.js';
export { SpecFolderSource, type SpecFolderSourceOptions } from './formats/spec-files/spec-folder-source.js';
export { SpecKitSource, type SpecKitSourceOptions } from './formats/spec-kit/spec-kit-source.js';
export { type FolderEntry, nodeSpecFileSystem, type SpecFileSystem } from './spec-file-system.js';

export { Checkout, type WantedFile } from './checkout.js';
export { extractionBuild } from './extraction-build.js';
/** @public */
export { type FolderEntry, nodeFileSystem, type SourceFileSystem } from './file-system.js';
export type {
  Detected,
  FormatMarkRequest,
  FormatRequest,
  FormatTask,
  FormatTasks,
  RunCommand,
  SourceCommand,
  TaskFormat,
} from './format.js';
export {
  type DetectedFormat,
  detectFormats,
  /** @public */
  formats,
  type OpenFormatOptions,
  openFormat,
} from './formats.js';
export type { Option, OptionTable } from './options.js';

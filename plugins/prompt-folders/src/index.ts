import { definePlugin, type PwtPlugin } from '@pwt/core';
import { readOptions } from './options.js';
import { PromptFolderSource } from './prompt-folder-source.js';

export { type ParsedPrompt, parsePrompt } from './parse-prompt.js';
export { PromptFolderSource, type PromptFolderSourceOptions } from './prompt-folder-source.js';

/** What `pwt.config` names: `"plugins": ["@pwt/plugin-prompt-folders"]`. */
export const plugin: PwtPlugin = definePlugin({
  name: '@pwt/plugin-prompt-folders',
  apiVersion: 1,
  provides: {
    taskSource: (context, options) =>
      new PromptFolderSource({ root: context.projectRoot, ...readOptions(options) }),
  },
});

import { definePlugin, type PwtPlugin } from '@pwt/core';
import { readOptions } from './options.js';
import { SpecKitSource } from './spec-kit-source.js';

export { SpecKitSource, type SpecKitSourceOptions } from './spec-kit-source.js';
export { parseTaskList, type TaskLine } from './task-list.js';

/** What `pwt.config` names: `"plugins": ["@pwt/plugin-spec-kit"]`. */
export const plugin: PwtPlugin = definePlugin({
  name: '@pwt/plugin-spec-kit',
  apiVersion: 1,
  provides: {
    taskSource: (context, options) =>
      new SpecKitSource({ root: context.projectRoot, ...readOptions(options) }),
  },
});

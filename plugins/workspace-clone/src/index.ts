import { definePlugin, type PwtPlugin } from '@pwt/core';
import { CloneWorkspaceProvider } from './clone-workspace-provider.js';
import { readOptions } from './options.js';

/** What `pwt.config` names: `"plugins": ["@pwt/plugin-workspace-clone"]`. */
export const plugin: PwtPlugin = definePlugin({
  name: '@pwt/plugin-workspace-clone',
  apiVersion: 2,
  provides: {
    workspaceProvider: (context, options) =>
      new CloneWorkspaceProvider({
        projectRoot: context.projectRoot,
        stateDir: context.stateDir,
        env: context.env,
        ...readOptions(options),
      }),
  },
});

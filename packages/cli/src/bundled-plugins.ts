import type { BundledPlugins } from '@pwt/default';

/** The project's own plugins, which come with the program: a configuration names them, and nothing has to be installed. */
export const bundledPlugins: BundledPlugins = {
  '@pwt/plugin-notify': () => import('@pwt/plugin-notify'),
  '@pwt/plugin-workspace-clone': () => import('@pwt/plugin-workspace-clone'),
};

import type { BundledPlugins } from '@pwt/default';

/** The project's own plugins, which come with the program: a configuration names them, and nothing has to be installed. */
export const bundledPlugins: BundledPlugins = {
  '@pwt/plugin-bullmq': () => import('@pwt/plugin-bullmq'),
  '@pwt/plugin-notify': () => import('@pwt/plugin-notify'),
  '@pwt/plugin-workspace-clone': () => import('@pwt/plugin-workspace-clone'),
};

/** A command that a bundled plugin adds. */
export interface BundledCommand {
  readonly name: string;
  /** As the plugin has it. */
  readonly about: string;
  /** The name under which a configuration finds the plugin. */
  readonly plugin: string;
}

/** What the bundled plugins add to the commands, known without loading one: for completion, and where it can't be run. */
export const bundledCommands: readonly BundledCommand[] = [
  {
    name: 'worker',
    about: 'Take tasks of other machines: run their agents and gates here.',
    plugin: '@pwt/plugin-bullmq',
  },
];

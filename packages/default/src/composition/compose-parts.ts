import { join } from 'node:path';
import { defined, type EventSink, type Finding, type TaskSource, tokens } from '@pwt/core';
import type { Recovered } from '@pwt/git';
import type { ResolvedConfig } from '../config/resolved-config.js';
import { runOptions } from '../config/run-options.js';
import { inboxDir, type Project, runsDir } from '../project/project.js';
import { Container } from './container.js';
import { ownTokens } from './own-tokens.js';
import type { ApproveCommand } from './parts/task-sources.js';
import {
  type PluginRequest,
  pluginContext,
  pluginSinks,
  pluginSources,
  registerPlugin,
} from './plugin-parts.js';

export interface CompositionRequest extends PluginRequest {
  readonly config: ResolvedConfig;
  /** The caller's own, beside those of plugins. */
  readonly sinks: readonly EventSink[];
  /** Asked before a command of the repository's that prints tasks is run. @default it is run */
  readonly approveCommand?: ApproveCommand | undefined;
}

/**
 * Wires the parts of one project: the built-in ones, and those that plugins put in their place.
 *
 * Every part is loaded when it is first asked for, so that a plan never pays for launching or merging.
 */
export function composeParts(request: CompositionRequest): Container {
  const { project, config, plugins, sinks } = request;
  const container = new Container();
  container
    .register(ownTokens.cache, async () => {
      const [{ FileResultCache }, { extractionBuild }] = await Promise.all([
        import('./parts/file-result-cache.js'),
        import('@pwt/sources'),
      ]);
      return FileResultCache.open({ file: cacheFile(project), build: await extractionBuild() });
    })
    .register(ownTokens.namedSources, async (resolve) => {
      const { makeTaskSources } = await import('./parts/task-sources.js');
      const cache = await resolve(ownTokens.cache);
      return [
        ...makeTaskSources(project, config, cache, request.approveCommand),
        ...(await pluginSources(request)),
      ];
    })
    .register(ownTokens.marker, async (resolve) => {
      const { SourceMarker } = await import('./parts/task-marker.js');
      return new SourceMarker(() => resolve(ownTokens.namedSources));
    })
    .register(
      tokens.taskSources,
      async (resolve): Promise<readonly TaskSource[]> =>
        (await resolve(ownTokens.namedSources)).map(({ source }) => source),
    )
    .register(tokens.separator, async (resolve) => {
      const { makeSeparator } = await import('./parts/separator.js');
      return makeSeparator(config, await resolve(ownTokens.cache));
    })
    .register(tokens.workspaceProvider, async () =>
      (await import('./parts/workspace-provider.js')).makeProvider(project, config),
    )
    .register(tokens.agentLauncher, async () =>
      (await import('./parts/agent-launcher.js')).makeLauncher(project, config),
    )
    .register(tokens.merger, async () => (await import('./parts/merger.js')).makeMerger(project))
    .register(tokens.gate, async () => (await import('./parts/merger.js')).makeGate(project, config))
    .register(tokens.resourceMonitor, async () =>
      (await import('./parts/resource-monitor.js')).makeResourceMonitor(project),
    )
    .register(tokens.repositoryObserver, async () =>
      (await import('./parts/repository-observer.js')).makeObserver(project, runsDir(project)),
    )
    .register(tokens.radar, async () => (await import('./parts/radar.js')).makeRadar(project))
    .register(tokens.eventSinks, async () => [...sinks, ...(await pluginSinks(request))])
    .register(ownTokens.journals, async () => {
      const { FileJournalStore } = await import('@pwt/coordinator/journal');
      return new FileJournalStore({ dir: runsDir(project) });
    })
    .register(ownTokens.verdicts, async () => {
      const { FileVerdictStore } = await import('./parts/file-verdict-store.js');
      return new FileVerdictStore({ file: join(project.stateDir, 'verdicts') });
    })
    .register(ownTokens.experience, async () => {
      const { FileExperience } = await import('./parts/file-experience.js');
      return new FileExperience(join(project.stateDir, 'experience'));
    })
    .register(ownTokens.coordinator, async (resolve) => {
      const { Coordinator, FileInbox } = await import('@pwt/coordinator');
      const gate = await resolve(tokens.gate);
      const journals = await resolve(ownTokens.journals);
      const experience = await resolve(ownTokens.experience);
      return new Coordinator({
        provider: await resolve(tokens.workspaceProvider),
        launcher: await resolve(tokens.agentLauncher),
        merger: await resolve(tokens.merger),
        resources: await resolve(tokens.resourceMonitor),
        observer: await resolve(tokens.repositoryObserver),
        ...(config.radar && { radar: await resolve(tokens.radar) }),
        ...(config.markDone && { marker: await resolve(ownTokens.marker) }),
        verdicts: await resolve(ownTokens.verdicts),
        journals,
        experience,
        sinks: await resolve(tokens.eventSinks),
        runsDir: runsDir(project),
        inbox: (runId) => new FileInbox(inboxDir(project, runId)),
        fallbackOptions: runOptions(config),
        recoveries: (tell) => recoveries(project, tell),
        riskOf: async (run) => (await import('./parts/risk.js')).estimateRisk({ project, journals }, run),
        ...defined({ gate }),
      });
    });
  for (const plugin of plugins) registerPlugin(container, plugin, pluginContext(request));
  return container;
}

/** What was removed that dead git processes had left. */
function recoveries({ git }: Project, tell: (finding: Finding) => void): () => void {
  const listen = ({ path, message }: Recovered) =>
    tell({ kind: 'recovered', severity: 'info', taskIds: [], message, subjects: [path] });
  return git.recovery?.onRecovered(listen) ?? (() => undefined);
}

/** What plans remember of specs from one time to the next. Safe to delete. */
function cacheFile(project: Pick<Project, 'stateDir'>): string {
  return join(project.stateDir, 'cache');
}

import type { AgentFolder } from '../agents/agent-folder.js';

/**
 * Where package managers and compilers keep what they have fetched or built, from their documentation. Not where they keep
 * programs and settings (`~/.cargo/bin`, `~/.npmrc`): those run or rule outside of the sandbox later.
 */
export const caches: readonly AgentFolder[] = [
  { path: '$cache' },
  { path: '~/.npm', variable: 'npm_config_cache' },
  { path: '$data/pnpm/store', variable: 'npm_config_store_dir' },
  { path: '~/.yarn/berry' },
  { path: '~/.bun/install/cache', variable: 'BUN_INSTALL_CACHE_DIR' },
  { path: '$cache/pip', variable: 'PIP_CACHE_DIR' },
  { path: '$cache/uv', variable: 'UV_CACHE_DIR' },
  { path: '~/.cargo/registry' },
  { path: '~/.cargo/git' },
  { path: '~/go/pkg', variable: 'GOMODCACHE' },
  { path: '$cache/go-build', variable: 'GOCACHE' },
  {
    path: '~/.gradle',
    variable: 'GRADLE_USER_HOME',
    keeps: { 'gradle.properties': '', 'init.gradle': '', 'init.d': null },
  },
  { path: '~/.m2/repository' },
  { path: '~/.ivy2/cache' },
  { path: '~/.nuget/packages', variable: 'NUGET_PACKAGES' },
  { path: '~/.pub-cache', variable: 'PUB_CACHE', keeps: { bin: null, global_packages: null } },
  { path: '~/.ccache', variable: 'CCACHE_DIR' },
  { path: '~/Library/Caches' },
];

/** Made where they are missing, because the most used tools fail without them. */
export const madeCaches: readonly string[] = ['$cache', '~/.npm'];

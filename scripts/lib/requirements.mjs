import { join } from 'node:path';
import { ROOT, readJson } from './workspace.mjs';

/**
 * What a machine needs, as the root's `package.json` says it: the oldest Node and npm, and the one pnpm.
 *
 * @param {string} [root]
 * @returns {{node: string, npm: string, pnpm: string}}
 */
export function requirements(root = ROOT) {
  const { engines, devEngines } = readJson(join(root, 'package.json'));
  return {
    node: engines.node.replace('>=', ''),
    npm: engines.npm.replace('>=', ''),
    pnpm: devEngines.packageManager.version,
  };
}

/**
 * The versions of Node, npm, git and pnpm that a text names, each with its line.
 *
 * @param {string} text
 * @returns {{tool: 'node' | 'npm' | 'git' | 'pnpm', version: string, line: number}[]}
 */
export function versionsNamed(text) {
  const named = /\b(Node|npm|[Gg]it|pnpm)(?:\.js)?(?:@| ≥ ?| >= ?| )(\d+(?:\.\d+)*)(?=\+| or newer|\b)/g;
  return [...text.matchAll(named)].map(({ 1: tool = '', 2: version = '', index }) => ({
    tool: /** @type {'node' | 'npm' | 'git' | 'pnpm'} */ (tool.toLowerCase()),
    version,
    line: text.slice(0, index).split('\n').length,
  }));
}

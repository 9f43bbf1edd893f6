import { fileURLToPath } from 'node:url';

/**
 * The command line of an agent that does what the `@` lines of its prompt say; see the head of
 * `agent/scripted-agent.mjs` for the directives. The prompt goes to its standard input.
 */
export function scriptedAgentCommand(): readonly [string, ...string[]] {
  return [process.execPath, fileURLToPath(new URL('../agent/scripted-agent.mjs', import.meta.url))];
}

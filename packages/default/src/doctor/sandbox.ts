import { findSandbox } from '@pwt/launcher';
import type { ResolvedConfig } from '../config/resolved-config.js';
import type { Environment } from '../project/project.js';
import { type Check, ok } from './check.js';

/** Whether this machine can confine agents, and whether the configuration wants that. */
export async function checkSandbox(
  config: Pick<ResolvedConfig, 'sandbox'> | undefined,
  env: Environment,
): Promise<Check> {
  const mode = config?.sandbox ?? 'off';
  const support = await findSandbox(env);
  if (support.tool !== undefined) {
    const { kind, path } = support.tool;
    const use =
      mode === 'off' ? 'agents run without it, unless --sandbox auto says otherwise' : 'agents run in it';
    return ok('sandbox', `${kind} works at ${path}; ${use}`);
  }
  const { missing, fix } = support;
  const status = mode === 'required' ? 'problem' : mode === 'auto' ? 'warning' : 'note';
  const message = `agents can’t be confined: ${missing}`;
  return { name: 'sandbox', status, message, ...(fix === undefined ? {} : { fix }) };
}

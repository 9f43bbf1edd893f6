import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { presets } from '@pwt/launcher';
import * as z from 'zod';
import { agentSchema, type RemoteAgent } from '../../protocol/requirement.js';
import type { Allowed } from '../allowed.js';
import { many, usage, type Values } from './values.js';
import { wordsOf } from './words.js';

/** What `--allow-agent`, `--allow-gate`, `--allow-setup` and `--allow-file` say together. */
export async function readAllowed(values: Values, cwd: string): Promise<Allowed> {
  const files = await Promise.all(
    many(values, 'allow-file').map((file) => readAllowFile(resolve(cwd, file))),
  );
  return {
    agents: [...files.flatMap(({ agents }) => agents), ...many(values, 'allow-agent').map(readAgent)],
    gates: [...files.flatMap(({ gates }) => gates), ...many(values, 'allow-gate')],
    setups: [...files.flatMap(({ setups }) => setups), ...many(values, 'allow-setup')],
  };
}

const commands = z.array(z.string().min(1)).default([]);
const allowFile = z.strictObject({
  agents: z.array(agentSchema).default([]),
  gates: commands,
  setups: commands,
});

async function readAllowFile(file: string): Promise<Allowed> {
  try {
    return allowFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : String(error);
    throw usage(
      `--allow-file ${file}: ${why ?? 'not readable'}`,
      'It is JSON such as {"agents": ["claude"], "gates": ["npm test"], "setups": ["npm ci"]}',
    );
  }
}

/** A preset by its name; as JSON whatever a configuration may say; a command line otherwise. */
function readAgent(text: string): RemoteAgent {
  if (presets.some(({ name }) => name === text)) return text;
  if (/^\s*[[{]/.test(text)) return readAgentJson(text);
  const command = wordsOf(text) ?? [];
  if (command.length === 0) throw usage(`--allow-agent ${text}: is no command line`);
  return { command };
}

function readAgentJson(text: string): RemoteAgent {
  try {
    const value: unknown = JSON.parse(text);
    return agentSchema.parse(Array.isArray(value) ? { command: value } : value);
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : String(error);
    throw usage(`--allow-agent ${text}: ${why ?? 'not readable'}`);
  }
}

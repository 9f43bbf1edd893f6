import type { CommandContext } from '../command-context.js';

export async function demo(_context: CommandContext): Promise<number> {
  return 0;
}

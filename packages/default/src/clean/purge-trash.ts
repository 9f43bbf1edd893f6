import type { WorkspaceProvider } from '@pwt/core';

/** What a provider with a trash offers on top of the contract. */
interface TrashKeeper {
  purgeTrash(options: { readonly olderThanDays: number }): Promise<readonly unknown[]>;
}

/** Deletes what has been in a provider's trash for long enough, if it keeps one. Returns how many entries. */
export async function purgeTrash(provider: WorkspaceProvider, olderThanDays: number): Promise<number> {
  return keepsTrash(provider) ? (await provider.purgeTrash({ olderThanDays })).length : 0;
}

function keepsTrash(provider: object): provider is TrashKeeper {
  return 'purgeTrash' in provider && typeof provider.purgeTrash === 'function';
}

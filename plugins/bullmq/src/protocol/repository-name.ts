import { NAME } from './names.js';

/** The last part of an address: what a repository is called where nobody has said so. */
export function repositoryName(address: string): string | undefined {
  const last =
    address
      .replace(/[/\\]+$/, '')
      .split(/[/:\\]/)
      .at(-1) ?? '';
  const name = last.replace(/\.git$/i, '');
  return NAME.test(name) ? name : undefined;
}

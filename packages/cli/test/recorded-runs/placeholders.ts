import { scriptedAgent } from '../support/pwt.js';

/** What a recording holds in place of the paths of the machine on which it was made. */
function pathsOf(root: string): readonly (readonly [placeholder: string, path: string])[] {
  const [node = '', agent = ''] = scriptedAgent;
  return [
    ['@AGENT@', agent],
    ['@NODE@', node],
    ['@ROOT@', root],
  ];
}

/** Takes the paths of this machine out of a text. */
export function withPlaceholders(text: string, root: string): string {
  return pathsOf(root).reduce((before, [placeholder, path]) => before.replaceAll(path, placeholder), text);
}

/** Puts the paths of this machine into a text. */
export function withPaths(text: string, root: string): string {
  return pathsOf(root).reduce((before, [placeholder, path]) => before.replaceAll(placeholder, path), text);
}

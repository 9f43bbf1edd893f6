import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of the packages of others that went into a bundle: each asks to come with the code.
 *
 * @param {Iterable<string>} inputs the files that went into it
 * @returns {string} Markdown, one section for each package, by name
 */
export function licencesOf(inputs) {
  const folders = new Set(
    [...inputs].flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []),
  );
  const sections = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    return `## ${name} ${version}\n\n${license}\n${text}`;
  });
  return `# What is in this program of others\n\n${[...new Set(sections)].sort().join('\n')}`;
}

import { parse } from 'yaml';

/** A YAML text as plain data; in a file of its own so that it is only loaded for a YAML configuration. */
export function parseYaml(text: string): unknown {
  return parse(text);
}

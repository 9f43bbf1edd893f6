/**
 * Replaces `{{name}}` with its value, in one pass: placeholders inside values stay, so a spec that says `{{branch}}`
 * reaches the agent as it was written. A name without a value stays as it is. A line that is only a placeholder goes if its
 * value is empty, with the blank line after it.
 */
export function renderTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(PLACEHOLDER, (found, alone: string | undefined, inLine: string | undefined) => {
    const name = alone ?? inLine ?? '';
    if (!Object.hasOwn(values, name)) return found;
    const value = values[name] as string;
    if (alone === undefined) return value;
    return value === '' ? '' : found.replace(/\{\{.*\}\}/, () => value);
  });
}

const NAME = String.raw`\{\{[^\S\n]*([A-Za-z]+)[^\S\n]*\}\}`;
const PLACEHOLDER = new RegExp(String.raw`^${NAME}[^\S\n]*\n(?:[^\S\n]*\n)?|${NAME}`, 'gm');

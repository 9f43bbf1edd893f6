/**
 * Replaces `{{name}}` with its value, in one pass: placeholders inside values stay, so a spec that says `{{branch}}`
 * reaches the agent as it was written. A name without a value stays as it is.
 */
export function renderTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{\s*([A-Za-z]+)\s*\}\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : placeholder,
  );
}

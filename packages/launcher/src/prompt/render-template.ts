/**
 * Puts values where `{{name}}` stands. One pass: what a value holds is never looked at again, so a spec that
 * says `{{branch}}` reaches the agent as it was written. A name without a value stays as it stands.
 */
export function renderTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{\s*([A-Za-z]+)\s*\}\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : placeholder,
  );
}

import { expect, it } from 'vitest';
import { withSettingsTable } from './settings-table.mjs';

const settings = { gate: { flag: '--gate <command>', description: 'a | b', otherwise: 'make' } };
const document = 'before\n<!-- settings: made -->\nold\n<!-- /settings -->\nafter\n';

it('replaces what stands between the marks by a row for every setting', () => {
  const made = withSettingsTable(document, settings, ({ otherwise }, code) => code(otherwise));
  expect(made).toBe(
    [
      'before\n<!-- settings: made -->\n',
      '| key | flag | default | |',
      '|---|---|---|---|',
      '| `gate` | `--gate <command>` | `make` | a \\| b |\n',
      '<!-- /settings -->\nafter\n',
    ].join('\n'),
  );
  expect(withSettingsTable(made, settings, ({ otherwise }, code) => code(otherwise))).toBe(made);
});

it('refuses a document without the marks', () => {
  expect(() => withSettingsTable('text', settings, () => '')).toThrow('marks');
});

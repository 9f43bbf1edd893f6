import { expect, it } from 'vitest';
import { planFormat, planFormatsText } from './plan-format.js';

it('reads --format, for which --json is short', () => {
  expect(planFormat({}, false)).toBe('text');
  expect(planFormat({}, true)).toBe('json');
  expect(planFormat({ format: 'html' }, false)).toBe('html');
  expect(planFormat({ format: 'json' }, true)).toBe('json');
});

it('refuses formats that are none, and two at once', () => {
  expect(() => planFormat({ format: 'pdf' }, false)).toThrow(/text, json, mermaid, html/);
  expect(() => planFormat({ format: 'html' }, true)).toThrow(/contradict/);
});

it('says in help what there is', () => {
  expect(planFormatsText()).toBe('text, json, mermaid (graph and gantt in Markdown) or html (one page).');
});

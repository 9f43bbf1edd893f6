import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { planned } from '../../../test/support/planned.js';
import { agentLanes } from './agent-lanes.js';
import { byPlace, checkLine } from './check-lines.js';
import { planHtml } from './html/plan-html.js';
import { planMermaid } from './plan-mermaid.js';

const hostile =
  '</style><script>alert(1)</script>"><img src=x onerror=alert(2)> \'``` ]; --> %% \u202egnp \u0000';
const path = '"><svg onload=alert(3)>.ts';

const plans = {
  plain: () =>
    planned([
      { id: '1', claims: ['src/a.ts', 'b'] },
      { id: '2', claims: ['src/a.ts'], dependsOn: ['1'] },
      { id: '3' },
    ]),
  hostile: () =>
    planned(
      [
        { id: '1', title: hostile, claims: [path, { pattern: path, rule: hostile, mode: 'read' }] },
        { id: '2', title: hostile, claims: [path], dependsOn: ['1'] },
      ],
      [{ code: 'PWT_A', severity: 'warning', message: hostile, hint: hostile, path: hostile, line: 1 }],
    ),
};

describe('a plan as HTML', () => {
  it('allows itself nothing but its own style sheet', async () => {
    const { plan, review } = await plans.plain();
    const page = planHtml(plan, review, { maxInstances: 4 });
    const css = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(css).digest('base64');
    expect(page).toContain(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`);
    expect(page).not.toMatch(
      /<(script|link|img|iframe|object|embed|base|form)\b|\s(src|style|on\w+)=|url\(|@import/i,
    );
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, to]) => to?.startsWith('#task-'))).toBe(true);
  });

  it('has graph, timeline, matrix, claims and advice', async () => {
    const { plan, review } = await plans.plain();
    const page = planHtml(plan, review, { maxInstances: 4 });
    for (const id of ['advice', 'timeline', 'graph', 'matrix', 'tasks'])
      expect(page).toContain(`<h2 id="${id}">`);
    expect(page).toContain('<code>specs/SPEC-1.md:3</code>');
    expect(page).toContain('No file is named: it runs alone.');
    expect(page).toContain('title="2 – 1: conflict"');
  });

  it('says what more agents would gain, and no pattern where no file is named', async () => {
    const { plan, review } = await planned([{ id: '1', claims: ['a'] }, { id: '2' }]);
    const moreInstances = { maxInstances: 8, speedup: 2, savedMs: 60_000, makespanMs: 60_000 };
    const advised = planHtml(plan, review, { maxInstances: 4 });
    expect(advised).toContain('Name the files of 2');
    expect(advised).not.toContain('<code>**</code>');
    const nothing = { ...review.advice, costs: [], steps: [], moreInstances };
    expect(planHtml(plan, { ...review, advice: nothing }, { maxInstances: 4 })).toContain(
      'With 8 agents at the same time: 2.0 ×, 1m 00s earlier.',
    );
  });

  it('has both lines of what collides and of what might', async () => {
    const { plan, review } = await planned([
      { id: '1', claims: ['src/a.ts', 'src/b.ts'] },
      { id: '2', claims: ['src/a.ts'] },
      { id: '3', claims: [{ pattern: 'src/b.ts', mode: 'read' }, 'c'] },
    ]);
    const page = planHtml(plan, review, { maxInstances: 4 });
    const section = /<h2 id="conflicts">([\s\S]*?)<\/section>/.exec(page)?.[1] ?? '';
    const [contested = '', possible = ''] = section.split('Pairs that may conflict');
    for (const place of ['specs/SPEC-1.md:3', 'specs/SPEC-2.md:3']) expect(contested).toContain(place);
    for (const place of ['src/b.ts', 'specs/SPEC-1.md:4', 'specs/SPEC-3.md:3'])
      expect(possible).toContain(place);
    expect(possible).toMatch(/<td>\d+ %<\/td>/);
  });

  it('lets no text out of its place', async () => {
    const { plan, review } = await plans.hostile();
    const page = planHtml(plan, review, { maxInstances: 4 });
    for (const text of ['<script', '<img', '<svg onload', '\u202e', '\u0000'])
      expect(page).not.toContain(text);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain('&lt;script&gt;alert(1)');
    const tags = [...page.matchAll(/<([a-z0-9]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi)];
    const attributes = tags.flatMap(([, , all = '']) =>
      [...all.matchAll(/([\w:-]+)="/g)].map(([, name]) => name),
    );
    expect(attributes.filter((name) => name?.startsWith('on') || name === 'src' || name === 'style')).toEqual(
      [],
    );
  });

  it('leaves out what there is nothing to say about', async () => {
    const { plan, review } = await planned([]);
    const page = planHtml(plan, review, { maxInstances: 1 });
    expect(page).toContain('<h1>0 tasks');
    for (const id of ['advice', 'timeline', 'conflicts', 'graph', 'matrix', 'findings'])
      expect(page).not.toContain(`id="${id}"`);
  });
});

describe('a plan as Mermaid', () => {
  it('has a graph and a chart', async () => {
    const { plan, review } = await plans.plain();
    const text = planMermaid(plan, review).split('\n');
    expect(text).toContain('flowchart LR');
    expect(text).toContain('  t0["1 Task 1"]');
    expect(text).toContain('  p0(["src/a.ts"])');
    expect(text).toContain('  t0 --- p0');
    expect(text).toContain('  t0 -->|then| t1');
    expect(text).toContain('  class t2 alone');
    expect(text).toContain('  2 Task 2 : 2000-01-01 01:00:00, 3600s');
  });

  it('lets no text end a label, a line or the fence', async () => {
    const { plan, review } = await plans.hostile();
    const text = planMermaid(plan, review);
    expect(text.match(/```/g)).toHaveLength(4);
    for (const line of text.split('\n')) {
      const label = /\["(.*)"\]/.exec(line)?.[1];
      if (label !== undefined) expect(label).toMatch(/^(?:[\p{L}\p{N} ./_,()+-]|#\d+;)*$/u);
      if (line.includes(' : 2000-')) expect(line.split(' : ')[0]).toMatch(/^[\p{L}\p{N} ./_()+-]*$/u);
    }
  });
});

describe('a finding', () => {
  it('is one line as compilers print it', () => {
    const finding = { code: 'PWT_A', severity: 'warning', message: 'two\nlines' } as const;
    expect(checkLine({ ...finding, path: 'specs/a.md', line: 7 })).toBe(
      'specs/a.md:7: warning PWT_A two lines',
    );
    expect(checkLine({ ...finding, path: 'specs/a.md' })).toBe('specs/a.md:1: warning PWT_A two lines');
    expect(checkLine({ ...finding, path: 'a\nb.md' })).toBe('a b.md:1: warning PWT_A two lines');
    expect(checkLine(finding)).toBe('pwt: warning PWT_A two lines');
  });

  it('is sorted by its place', () => {
    const at = (path: string | undefined, line?: number) => ({
      ...({ code: 'PWT_A', severity: 'info', message: `${path} ${line}` } as const),
      ...(path === undefined ? {} : { path }),
      ...(line === undefined ? {} : { line }),
    });
    const sorted = [at('b', 2), at('a', 10), at('a', 9), at(undefined), at('b')].sort(byPlace);
    expect(sorted.map(({ message }) => message)).toEqual([
      'undefined undefined',
      'a 9',
      'a 10',
      'b undefined',
      'b 2',
    ]);
  });
});

describe('agentLanes', () => {
  it('gives every bar to the first agent that is free', () => {
    const bar = (taskId: string, startMs: number, endMs: number) => ({ taskId, startMs, endMs });
    const lanes = agentLanes([bar('a', 0, 2), bar('b', 0, 1), bar('c', 1, 3), bar('d', 2, 3)]);
    expect(lanes.map((lane) => lane.map(({ taskId }) => taskId).join(''))).toEqual(['ad', 'bc']);
  });
});

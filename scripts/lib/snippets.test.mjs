import { describe, expect, it } from 'vitest';
import { moduleOf, snippetsIn } from './snippets.mjs';

const document = `# Title

\`\`\`sh
npm install
\`\`\`

\`\`\`ts
const a = 1;
\`\`\`

<!-- given:
declare const b: number;
declare const c: number;
-->

\`\`\`ts
b + c;
\`\`\`
`;

describe('snippetsIn', () => {
  it('finds the blocks of TypeScript, with the line on which each starts and what is given', () => {
    expect(snippetsIn(document)).toEqual([
      { line: 8, code: 'const a = 1;\n', given: '' },
      { line: 17, code: 'b + c;\n', given: 'declare const b: number;\ndeclare const c: number;' },
    ]);
  });
});

describe('moduleOf', () => {
  it('keeps the code on its lines', () => {
    const [, snippet] = snippetsIn(document);
    const lines = snippet === undefined ? [] : moduleOf(snippet).split('\n');
    expect(lines.indexOf('b + c;')).toBe(document.split('\n').indexOf('b + c;'));
    expect(lines[15]).toBe('declare const b: number; declare const c: number;');
  });
});

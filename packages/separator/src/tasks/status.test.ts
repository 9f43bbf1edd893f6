import { describe, expect, it } from 'vitest';
import { extendVocabulary } from '../extend-vocabulary.js';
import { findStatus, isDoneStatus } from './status.js';

describe('isDoneStatus', () => {
  it.each([
    ...[
      'Done',
      'done',
      '✅ Complete',
      'COMPLETED & PUSHED',
      'Completed (2025-10-27)',
      'Implemented in PR #12',
    ],
    ...[
      '✅',
      '✅ COMPLETE (Pre-existing, verified)',
      'Shipped in 2.1',
      '~~Draft~~ Done',
      '100 % complete',
      'Closed',
    ],
    ...[
      'Done (10/27)',
      'Complete (5/5 tasks)',
      'Superseded by SPEC-30',
      "Won't fix",
      'Done | Priority: High',
    ],
    'Fully implemented',
  ])('takes %j as done', (value) => {
    expect(isDoneStatus(value)).toBe(true);
  });

  it.each([
    ...[
      'Draft',
      'Todo',
      'In progress',
      'Approved',
      'Ready for Review',
      'Ready for Done',
      '90 % complete',
      '90% Complete',
    ],
    ...[
      'Complete (3/5 tasks)',
      'Completed 3 of 5',
      'Partially complete',
      'Not done',
      'Done, tests pending',
      '',
    ],
    ...[
      'Draft | Done',
      '⬜ Not Started | 🔄 In Progress | ✅ Complete',
      'Done when the tests pass',
      '✅ Approved',
      '⏳',
    ],
    ...[
      'Complete rewrite needed',
      '~~Done~~',
      '[Draft, Approved, Done]',
      'Almost done',
      'Phase 1 complete',
      '完成',
    ],
  ])('takes %j as not done', (value) => {
    expect(isDoneStatus(value)).toBe(false);
  });

  it('knows words of other languages', () => {
    expect(isDoneStatus('Erledigt am 3.4.', extendVocabulary({ doneStatuses: ['erledigt'] }))).toBe(true);
  });
});

describe('findStatus', () => {
  it.each([
    ['---\nstatus: Done\nfiles: [src/b.ts]\n---\n# Also done\n', 'Done', 2],
    ['---\nstate: "closed" # as of May\n---\n', 'closed', 2],
    ['---\ndone: true\n---\n', 'done: true', 2],
    ['---\ncompleted: 2026-01-02\n---\n', 'completed: 2026-01-02', 2],
    ['# A\n\n**Status**: ✅ Complete\n\n## Why\n', '✅ Complete', 3],
    ['# A\n**Status:** ✅ Complete  \r\n', '✅ Complete', 2],
    ['# A\n**Status: Done**\n', 'Done', 2],
    ['# A\n- **Status**: Done\n', 'Done', 2],
    ['# A\n> *Status*: Done\n', 'Done', 2],
    ['# A\n🚦 **Status**: Done\n', 'Done', 2],
    ['# A\nStatus: Done <!-- reviewed -->\n', 'Done', 2],
    ['# A\n**Status**: Done | **Priority**: High\n', 'Done', 2],
    ['# A\n**Priority**: High · **Status**: Done · **Owner**: x\n', 'Done', 2],
    ['# A\n\n| Field | Value |\n|---|---|\n| **Status** | Done |\n', 'Done', 5],
    ['# A\n\n## Status\n\nDone\n\n## Context\n', 'Done', 5],
    ['# A\n\n## Status\n\n**✅ Done**\n', '✅ Done', 5],
    ['# A\n\n## Status: Complete\n', 'Complete', 3],
    ['# A\n\n## Metadata\n\n- Status: Done\n', 'Done', 5],
    ['# A\n\nImplementation status: Shipped\n', 'Shipped', 3],
    ['# ✅ A\n\nText.\n', '✅ A', 1],
    ['# ~~A~~\n', '~~A~~', 1],
    ['# [DONE] A\n', '[DONE] A', 1],
  ])('in %j', (text, said, line) => {
    expect(findStatus(text)).toMatchObject({ text: said, line, done: true });
  });

  it.each([
    '# A\n\n**Status**: Draft\n\n## Done\n\nStatus: Done\n',
    '---\nstatus: todo\n---\n# A\n\n**Status**: Done\n',
    '---\ncompleted: null\ndone: false\n---\n# A\n',
    '# A\n\n## Tasks\n\n### Task 1\n\n**Status**: ✅ Complete\n',
    '# A\n\n```md\n**Status**: Done\n```\n',
    '# A\n\n<!--\nStatus: Done\n-->\n',
    '# A\n\n- [x] one\n- [x] two\n',
    '# A\n\n## Status codes\n\nDone is 200.\n',
    '# A\n\nThe status: done is written to the file.\n',
    '# [Closed beta] Sign up\n',
    '# Fixed columns [closed form]\n',
    '# Export what is done ✅ and what is not\n',
    '# A\n\n## Status\n\n## Context\n',
  ])('finds nothing done in %j', (text) => {
    expect(findStatus(text)?.done ?? false).toBe(false);
  });

  it('tells where the value stands', () => {
    const text = '# A\n\n- **Status**: In progress  \n';
    const place = findStatus(text)?.place;
    expect(place && 'start' in place && text.split('\n')[2]?.slice(place.start, place.end)).toBe(
      'In progress',
    );
  });

  it('takes time linear in the text', () => {
    const texts = [
      `# A\n${'**Status'.repeat(50_000)}`,
      `# A\n${'Status: '.repeat(50_000)}`,
      '> '.repeat(100_000),
    ];
    const start = performance.now();
    for (const text of texts) findStatus(text);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

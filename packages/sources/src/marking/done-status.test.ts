import { findStatus } from '@pwt/separator';
import { expect, it } from 'vitest';
import { withDoneStatus } from './done-status.js';

it.each([
  ['# A\n\n**Status**: Draft\n', '# A\n\n**Status**: Done\n'],
  ['# A\r\n\r\n**Status:** 🚧 In progress  \r\n', '# A\r\n\r\n**Status:** ✅ Done  \r\n'],
  ['# A\n**Status: in-progress**\n', '# A\n**Status: done**\n'],
  ['# A\n- Status: TODO <!-- x -->\n', '# A\n- Status: DONE <!-- x -->\n'],
  [
    '# A\n\n| Field | Value |\n|---|---|\n| Status | Open |\n',
    '# A\n\n| Field | Value |\n|---|---|\n| Status | Done |\n',
  ],
  ['# A\n\n## Status\n\nProposed\n\n## Why\n', '# A\n\n## Status\n\nDone\n\n## Why\n'],
  ['---\nid: 3\nstatus: todo # now\n---\n# A\n', '---\nid: 3\nstatus: done # now\n---\n# A\n'],
  ['---\nstate: "In Review"\n---\n', '---\nstate: Done\n---\n'],
  ['---\nid: 3\n---\n# A\n', '---\nid: 3\nstatus: done\n---\n# A\n'],
  ['# A\n', '---\nstatus: done\n---\n# A\n'],
  ['# A\n\n## Status\n\n## Why\n', '---\nstatus: done\n---\n# A\n\n## Status\n\n## Why\n'],
  [
    '# A\n**Priority**: 1 | **Status**: Open | **Owner**: x\n',
    '# A\n**Priority**: 1 | **Status**: Done | **Owner**: x\n',
  ],
])('marks %j', (text, marked) => {
  expect(withDoneStatus(text)).toBe(marked);
  expect(findStatus(marked)?.done).toBe(true);
  expect(withDoneStatus(marked)).toBe(marked);
});

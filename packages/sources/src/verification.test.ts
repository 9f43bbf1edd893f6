import { describe, expect, it } from 'vitest';
import { isVerification } from './verification.js';

describe('isVerification', () => {
  it.each([
    'Run the linter and fix issues',
    '- [ ] T031 [P] Run quickstart.md validation',
    '- [x] 5.2 Run the full test suite and fix any failures',
    'Execute `npm test` and `npm run build`',
    'Run the load tests in tests/load/orders.ts',
    'Run `pnpm test -- tests/orders/` and confirm that nothing else broke',
    'Verify that all tests pass',
    '  - [ ] 1.8 Verify all model tests pass',
    'Verify the panel in src/ui/panel.tsx still renders without data',
    'Ensure all tests pass, ask the user if questions arise',
    'Ensure API layer tests pass',
    '- [ ] 4. Checkpoint - Ensure all tests pass',
    '- [ ] 12. Final checkpoint',
    "- [ ] Task: Conductor - User Manual Verification 'Phase 1: Create the API' (Protocol in workflow.md)",
    '**Task:** Verify the menu shows the chosen provider.',
    'Manual test of the login on a phone',
    'Manually check keyboard navigation',
    'Code review',
    'Perform a code review against the project standards',
    'Review the current retry logic',
    'Measure the bundle size before and after',
    'Validate with `openspec validate add-login --strict`',
    'Validate quickstart.md',
    'Confirm no console errors',
    'Check that the build is green',
    'Accessibility audit of the settings page',
    '3.1 Run `go vet`',
  ])('%s', (text) => expect(isVerification(text)).toBe(true));

  it.each([
    'Run migration generator and add models',
    'Run `openspec init` to set up the folders',
    'Run the build and write the report to docs/report.md',
    'Run the code generator',
    'Execute the schema migration',
    'Run the checks on what users type in src/form.ts',
    'Validate input in src/form.ts',
    'Validate required fields and data types',
    'Ensure requests are retried in src/client.ts',
    'Check `seen` before the notice is shown',
    'Check if the folder exists (use `exists`)',
    'Test X in tests/x.test.ts',
    'Test the parser for empty input',
    'Contract test for POST /login in tests/contract/login.test.ts',
    'Write tests that verify the order',
    'Add linting',
    'Configure ESLint and Prettier',
    'Verify the webhook signature in src/webhooks/verify.ts',
    'Verify muted users still appear — add a regression test',
    'Review and update call sites',
    'Review service in src/reviews/service.ts',
    'Implement the review form',
    'Profile page in src/pages/profile.tsx',
    'Audit log viewer',
    'Manual override of the price',
    'Complete unit test suite',
    'Code cleanup and refactoring',
    'Update README.md',
    'Final documentation',
    'Integration testing',
    '',
  ])('not %s', (text) => expect(isVerification(text)).toBe(false));

  it('goes by the line of the task alone', () => {
    expect(isVerification('Add a button\n  - Verify that all tests pass')).toBe(false);
    expect(isVerification('Verify that all tests pass\n  - Add what is missing')).toBe(true);
  });

  it('takes no time on hostile lines', () => {
    for (const part of ['final ', 'a/', '* ', '`', 'ensure all the ', 'the a b '])
      expect(isVerification(`Ensure ${part.repeat(50_000)}`)).toBe(false);
  });
});

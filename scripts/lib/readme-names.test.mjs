import { expect, it } from 'vitest';
import { unknownNames } from './readme-names.mjs';

const reports = 'export function openDoor(options: { readonly maxKnocks: number }): FrontDoor;';

it('finds the names that no package has', () => {
  const readme = `# x
\`openDoor({ maxKnocks })\` gives a \`FrontDoor\`; \`new FrontDoor()\`, \`maxKnocks\`.

| \`closeDoor(door)\`, \`BackDoor\` | gone |

\`\`\`ts
inCode();
\`\`\`

A \`word\`, a \`Word\`, \`docs/someFile.md\`, \`PWT_CODE\`, \`BackDoor\`.
`;
  expect(unknownNames(readme, reports)).toEqual(['closeDoor', 'BackDoor']);
});

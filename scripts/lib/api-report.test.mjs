import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { apiReports } from './api-report.mjs';

const FILES = {
  'index.d.ts': `export { Door, type Knock, openDoor as open } from './door.js';\nexport type { Key } from '@x/keys';`,
  'door.d.ts': `
    import type { Key } from '@x/keys';
    interface Hinge {
      readonly oiled: boolean;
    }
    /** A knock. */
    export type Knock = 'soft' | 'loud';
    export declare class Door {
      #state: number;
      private readonly hinge;
      /** The key that fits. */
      readonly key: Key;
      constructor(hinge: Hinge);
    }
    export declare function openDoor(door: Door): void;
    export declare function notExported(): void;`,
  'side/index.d.ts': 'export declare const side: 1;',
  'node_modules/@x/keys/package.json': '{ "name": "@x/keys", "types": "./index.d.ts" }',
  'node_modules/@x/keys/index.d.ts': 'export interface Key { readonly teeth: number; }',
};

const manifest = {
  name: '@x/door',
  version: '0.0.0',
  exports: {
    '.': { types: './index.d.ts', default: './index.js' },
    './side': { types: './side/index.d.ts', default: './side/index.js' },
    './package.json': './package.json',
  },
};

/** @type {string} */
let directory;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'pwt-api-test-'));
  for (const [name, text] of Object.entries({ ...FILES, 'package.json': JSON.stringify(manifest) })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return () => rmSync(directory, { recursive: true, force: true });
});

it('shows what each entry exports, sorted, and the types that this refers to', () => {
  const reports = apiReports([{ folder: 'packages/door', directory, manifest }]);
  expect(reports).toEqual([
    {
      path: join(directory, 'api.md'),
      text: `# Public names of @x/door

Written by \`npm run api\` from the emitted types.

## @x/door

\`\`\`ts
import { Key } from '@x/keys';

export class Door {
    constructor(hinge: Hinge);
    readonly key: Key;
}

interface Hinge {
    readonly oiled: boolean;
}

export { Key }

export type Knock = 'soft' | 'loud';

export function open(door: Door): void;
\`\`\`

## @x/door/side

\`\`\`ts
export const side: 1;
\`\`\`
`,
    },
  ]);
});

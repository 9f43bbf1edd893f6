import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from '@pwt/process';
import { describe, expect, it } from 'vitest';
import { finished, launcherOf, makePlace, requestIn } from './support.js';

describe.skipIf(process.platform !== 'linux')('what an agent leaves in its worktree', () => {
  it('ends with it, also with a session of its own and a cleared environment', async () => {
    const place = await makePlace();
    const agent = 'setsid env -i /bin/sleep 600 >/dev/null 2>&1 & echo $! >daemon; sleep 0.05';
    const { exit, events } = await finished(await launcherOf(agent).launch(requestIn(place)));
    expect(exit).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect(identify(Number(readFileSync(join(place.worktree, 'daemon'), 'utf8')))).toBeUndefined();
    expect(events.map(({ text }) => text)).toContain('stopped 1 process that the agent had left running');
  });
});

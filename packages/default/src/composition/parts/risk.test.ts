import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileJournalStore } from '@pwt/coordinator';
import { TemporaryRepository } from '@pwt/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCoordinator } from '../../create-coordinator.js';
import { runsDir } from '../../project/project.js';
import type { PwtCoordinator } from '../../pwt-coordinator.js';
import { estimateRisk } from './risk.js';

/** Each agent does its own task, and touches a file that no spec names. */
const agent =
  "for (const name of ['common.txt', process.env.PWT_TASK_ID + '.txt']) require('node:fs').writeFileSync(name, 'x')";

let repository: TemporaryRepository;
let coordinator: PwtCoordinator;
beforeEach(async () => {
  repository = await TemporaryRepository.create({
    'specs/SPEC-20-one.md': '# SPEC-20: One\n\n**File**: `20.txt`\n',
    'specs/SPEC-21-two.md': '# SPEC-21: Two\n\n**File**: `21.txt`\n',
  });
  coordinator = await createCoordinator({
    cwd: repository.path,
    env: repository.env,
    agent: { command: [process.execPath, '-e', agent] },
    maxCpuPercent: 100,
    maxMemoryPercent: 100,
    minDisk: 0,
  });
});
afterEach(async () => {
  await coordinator.dispose();
  await repository.dispose();
});

it('learns from what the runs of this repository really changed', async () => {
  const { tasks, claims, base } = await coordinator.plan();
  const { project } = coordinator;
  const journals = new FileJournalStore({ dir: runsDir(project) });
  const estimate = async () =>
    (await estimateRisk({ project, journals }, { tasks, claims, base }))('20', '21');
  const before = await estimate();
  expect(await coordinator.run()).toMatchObject({ success: true, totals: { landed: 2 } });
  const after = await estimate();
  expect(after).toBeGreaterThan(before);
  await mkdir(join(runsDir(project), '99999999-000000-broken'), { recursive: true });
  await writeFile(join(runsDir(project), '99999999-000000-broken', 'journal.jsonl'), '{"v":99}\n{"v":99}\n');
  expect(await estimate()).toBe(after);
});

it('shows people what a run uses', async () => {
  const { project } = coordinator;
  const journals = new FileJournalStore({ dir: runsDir(project) });
  const explained = async () => {
    const plan = await coordinator.plan({ taskIds: ['20', '21'] });
    const { probability, reasons } = await coordinator.explain(plan, ['20', '21']);
    expect(probability).toBe((await estimateRisk({ project, journals }, plan))('20', '21'));
    return reasons.map(({ kind }) => kind);
  };
  expect(await explained()).not.toContain('repository');
  for (let run = 0; run < 4; run += 1) await coordinator.run({ taskIds: ['20', '21'] });
  expect(await explained()).toContain('repository');
});

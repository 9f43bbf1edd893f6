import { describe, expect, it } from 'vitest';
import { agentText, type RemoteAgent, sealed } from '../protocol/requirement.js';
import { type Allowed, ownDefinition, refusalOf } from './allowed.js';
import { unmet } from './meets.js';

const allowed: Allowed = {
  agents: [
    'claude',
    { command: ['my-agent', '--fast'], env: { A: '1', B: '2' } },
    { preset: 'codex', args: ['--model', 'm'] },
  ],
  gates: ['npm test', 'npm run lint'],
  setups: ['npm ci'],
};

describe('what a worker is allowed to run', () => {
  it('is said in few words, whatever was asked for', () => {
    const refusal = refusalOf(allowed, { gate: { command: 'x'.repeat(4000) } });
    expect(refusal).toMatch(/^the gate "x+… is not allowed$/);
    expect(refusal?.length).toBeLessThan(200);
  });

  it.each([
    { agents: ['claude'] },
    { agents: [{ preset: 'claude' }] },
    { agents: [{ preset: 'claude', env: {} }] },
    { agents: [{ command: ['my-agent', '--fast'], env: { B: '2', A: '1' }, prompt: 'stdin' as const }] },
    { agents: [{ preset: 'codex', args: ['--model', 'm'] }] },
    { gate: { command: 'npm test', timeoutMs: 5 } },
    { gate: { command: { test: 'npm test', lint: 'npm run lint' } } },
    { setup: { command: 'npm ci' } },
    {},
  ])('includes %j', (wanted) => {
    expect(refusalOf(allowed, asSent(wanted))).toBeUndefined();
  });

  it.each([
    { agents: ['codex'] },
    { agents: ['claude', 'codex'] },
    { agents: [{ preset: 'claude', command: 'other' }] },
    { agents: [{ preset: 'claude', args: [] }] },
    { agents: [{ preset: 'claude', env: { A: '1' } }] },
    { agents: [{ command: ['my-agent', '--fast'] }] },
    { agents: [{ command: ['my-agent', '--fast'], env: { A: '1', B: '3' } }] },
    { agents: [{ command: ['my-agent', '--fast', '--more'], env: { A: '1', B: '2' } }] },
    { agents: [{ command: ['my-agent --fast'], env: { A: '1', B: '2' } }] },
    { agents: [{ command: ['my-agent', '--fast'], env: { A: '1', B: '2' }, prompt: 'argv' as const }] },
    { agents: [{ command: ['claude'] }] },
    { gate: { command: 'npm test; true' } },
    { gate: { command: ' npm test' } },
    { gate: { command: { test: 'npm test', other: 'sh' } } },
    { setup: { command: 'npm test' } },
  ])('does not include %j', (wanted) => {
    expect(refusalOf(allowed, asSent(wanted))).toMatch(/is not allowed$/);
  });
});

/** As a coordinator asks for it. */
function asSent<T extends { readonly agents?: readonly RemoteAgent[] }>(wanted: T): T {
  return wanted.agents === undefined ? wanted : { ...wanted, agents: wanted.agents.map(sealed) };
}

describe('the variables of an agent', () => {
  const own = { preset: 'claude', env: { ANTHROPIC_API_KEY: 'sk-secret' } };
  const sent = sealed(own);

  it('travel without their values, and the worker knows its own definition again', () => {
    expect(JSON.stringify(sent)).toContain('ANTHROPIC_API_KEY');
    expect(JSON.stringify([sent, agentText(sent)])).not.toContain('secret');
    expect(ownDefinition({ agents: ['claude', own] }, sent)).toBe(own);
    expect(ownDefinition({ agents: ['claude'] }, sent)).toBe(sent);
  });

  it('are not set by whoever sends them as they are', () => {
    expect(refusalOf({ agents: [own], gates: [], setups: [] }, { agents: [own] })).toMatch(/not allowed/);
  });
});

describe('what a run asks for', () => {
  const worker = {
    allowed,
    labels: { os: 'linux' },
    repositories: ['app'],
    unusable: new Map([['claude', 'nobody is logged in']]),
  };
  const task = { repository: 'app', kind: 'task', runsOn: {}, agents: [] } as const;

  it.each([
    [task, undefined],
    [{ ...task, runsOn: { os: 'linux' } }, undefined],
    [{ ...task, repository: 'other' }, 'it has no repository other'],
    [{ ...task, runsOn: { os: 'mac' } }, 'its label os is linux, not mac'],
    [{ ...task, runsOn: { constructor: 'x' } }, 'its label constructor is not set, not x'],
    [{ ...task, agents: ['claude'] }, 'nobody is logged in'],
    [{ ...task, agents: ['gemini'] }, 'the agent gemini is not allowed'],
  ])('%j', (requirement, why) => {
    expect(unmet(requirement, worker)).toBe(why);
  });
});

import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Continuation } from '@pwt/core';
import { identify, isAlive } from '@pwt/process';
import { agentLauncherSuite, ManualClock, makeClaim, makeTask } from '@pwt/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  allOf,
  contentOf,
  env,
  finished,
  launcherOf,
  makeFifo,
  makePlace,
  openGate,
  requestIn,
} from '../test/support.js';
import { type AgentConfig, type AgentDefinition, ProcessLauncher, resolveAgent } from './index.js';

let place: { root: string; worktree: string };

beforeEach(async () => {
  place = await makePlace();
});

agentLauncherSuite({ describe, test: it }, async () => {
  const own = await makePlace();
  const clock = new ManualClock();
  let attempt = 0;
  const launcher = async (behaviour: { exitCode: number } | { waits: true }) =>
    launcherOf('exitCode' in behaviour ? `exit ${behaviour.exitCode}` : 'read line < "$PWT_WORKTREE/gate"', {
      clock,
    });
  return {
    launcher,
    reopen: launcher,
    async request() {
      attempt += 1;
      if (attempt === 1) makeFifo(join(own.worktree, 'gate'));
      return requestIn(own, { number: attempt, stateDir: join(own.root, `state-${attempt}`) });
    },
    release: () => openGate(join(own.worktree, 'gate')),
    advance: (ms) => clock.advance(ms),
    promptOf: ({ attempt: { stateDir } }) => readFile(join(stateDir, 'prompt.md'), 'utf8'),
    missing: async () => launcherOf({ command: ['./no-such-agent'] }),
    dispose: async () => undefined,
  };
});

describe('what an agent gets', () => {
  it('gets the prompt on stdin, which then ends', async () => {
    const request = requestIn(place);
    await finished(await launcherOf('cat > got; echo end > ended').launch(request));
    const got = await readFile(join(place.worktree, 'got'), 'utf8');
    expect(got).toBe(await readFile(join(request.attempt.stateDir, 'prompt.md'), 'utf8'));
    expect(got).toContain('# Task 20: Say hello');
    expect(existsSync(join(place.worktree, 'ended'))).toBe(true);
  });

  it.each([
    ['file', ['sh', '-c', 'cat "$0" > got; cat >> got'], 'prompt'],
    ['file', ['sh', '-c', 'cat "$1" > got', '-', '{promptFile}'], 'prompt'],
    ['argv', ['sh', '-c', 'printf %s "$0" > got; cat >> got'], 'prompt'],
    ['argv', ['sh', '-c', 'printf %s "$1$2" > got', '-', '{prompt}', '{taskId}'], 'prompt20'],
  ] as const)('gets the prompt by %s from %j', async (prompt, command, expected) => {
    const launcher = new ProcessLauncher({
      agents: [resolveAgent({ command, prompt })],
      env,
      cwd: '/',
      promptTemplate: 'prompt',
    });
    await finished(await launcher.launch(requestIn(place)));
    expect(await readFile(join(place.worktree, 'got'), 'utf8')).toBe(expected);
  });

  it('gets the prompt as data, whatever it says', async () => {
    const promptTemplate = 'say "$(touch pwned)" `touch pwned`; touch pwned\n{promptFile} {{claims}} é\u0000';
    const agent = resolveAgent({
      command: ['sh', '-c', 'printf %s "$1" > got', '-', '{prompt}'],
      prompt: 'argv',
    });
    const request = requestIn(place, { claims: [makeClaim('{{worktree}}/$HOME')] });
    await finished(
      await new ProcessLauncher({ agents: [agent], env, cwd: '/', promptTemplate }).launch(request),
    );
    const got = await readFile(join(place.worktree, 'got'), 'utf8');
    expect(got).toContain('say "$(touch pwned)" `touch pwned`; touch pwned\n{promptFile} ');
    expect(got).toContain('{{worktree}}/$HOME');
    expect(existsSync(join(place.worktree, 'pwned'))).toBe(false);
  });

  it('refuses a prompt that is too long for an argument', async () => {
    const agent = resolveAgent({ command: ['true'], prompt: 'argv' });
    const launcher = new ProcessLauncher({
      agents: [agent],
      env,
      cwd: '/',
      promptTemplate: 'x'.repeat(140_000),
    });
    await expect(launcher.launch(requestIn(place))).rejects.toMatchObject({ code: 'PWT_PROMPT_TOO_LONG' });
  });

  it('gets the PWT_ variables, the claimed files and an identity, and no foreign repository', async () => {
    const launcher = new ProcessLauncher({
      agents: [
        resolveAgent({ command: ['sh', '-c', 'env > got; cat "$PWT_SPEC" > spec'], env: { EXTRA: 'a b' } }),
      ],
      env: {
        ...env,
        GIT_DIR: '/elsewhere',
        GIT_INDEX_FILE: 'x',
        GIT_CONFIG_GLOBAL: '/dev/null',
        PWT_TASK_ID: 'outer',
      },
      cwd: '/',
      gitIdentity: { name: 'A. Gent', email: 'agent@example.com' },
    });
    const claims = [
      makeClaim('src/a.ts'),
      makeClaim('src/a.ts', { mode: 'create' }),
      makeClaim('docs/**', { mode: 'read' }),
      makeClaim('maybe.ts', { confidence: 'possible' }),
    ];
    const request = requestIn(place, { claims });
    await finished(await launcher.launch(request));
    const got = Object.fromEntries(
      (await readFile(join(place.worktree, 'got'), 'utf8')).split('\n').map((line) => line.split(/=(.*)/)),
    );
    expect(got).toMatchObject({
      PWT_RUN_ID: request.attempt.runId,
      PWT_TASK_ID: '20',
      PWT_PROMPT_FILE: join(request.attempt.stateDir, 'prompt.md'),
      PWT_CLAIMS_FILE: join(request.attempt.stateDir, 'claims.json'),
      PWT_WORKTREE: place.worktree,
      PWT_BRANCH: 'feature/us-020',
      PWT_BASE: 'a'.repeat(40),
      PWT_MARK: `pwt.${request.attempt.runId}.20.1`,
      GIT_AUTHOR_NAME: 'A. Gent',
      GIT_COMMITTER_EMAIL: 'agent@example.com',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      EXTRA: 'a b',
      PWD: place.worktree,
    });
    expect(got).not.toHaveProperty('GIT_DIR');
    expect(got).not.toHaveProperty('GIT_INDEX_FILE');
    expect(JSON.parse(await readFile(join(request.attempt.stateDir, 'claims.json'), 'utf8'))).toEqual([
      'src/a.ts',
    ]);
    expect(await readFile(join(place.worktree, 'spec'), 'utf8')).toContain('# Task 20');
  });

  it('reads its spec in the worktree where that holds it, and else a copy', async () => {
    const task = makeTask('20', { specs: [{ path: 'specs/a.md', text: 'Do it', hash: '00' }] });
    await mkdir(join(place.worktree, 'specs'));
    await writeFile(join(place.worktree, 'specs/a.md'), 'Do it\n');
    const launcher = launcherOf('printf "%s\\n" "$PWT_SPEC" > got');
    await finished(await launcher.launch(requestIn(place, { task })));
    expect(await contentOf(join(place.worktree, 'got'))).toBe(`${place.worktree}/specs/a.md\n`);
    await writeFile(join(place.worktree, 'specs/a.md'), 'Something else\n');
    const again = requestIn(place, { task, number: 2, stateDir: join(place.root, 'state-2') });
    await finished(await launcher.launch(again));
    const copy = (await contentOf(join(place.worktree, 'got'))).trim();
    expect(copy).toBe(join(again.attempt.stateDir, 'spec.md'));
    expect(await readFile(copy, 'utf8')).toBe('Do it');
  });

  it('runs in its worktree and writes its output to files', async () => {
    const request = requestIn(place);
    await finished(await launcherOf('pwd; echo bad >&2').launch(request));
    expect(await readFile(join(request.attempt.stateDir, 'stdout.log'), 'utf8')).toBe(`${place.worktree}\n`);
    expect(await readFile(join(request.attempt.stateDir, 'stderr.log'), 'utf8')).toBe('bad\n');
  });
});

describe('an attempt that continues', () => {
  const agent = {
    preset: 'claude',
    command: 'sh',
    args: ['-c', 'echo fresh "$@" > got; cat >> got', '-', '{permission}'],
    resumeArgs: ['-c', 'echo resumed "$@" > got; cat >> got', '-', '{permission}', '--resume', '{sessionId}'],
  };
  const got = async (config: AgentConfig, continues: Continuation) => {
    await finished(await launcherOf(config).launch(requestIn(place, { continues })));
    return readFile(join(place.worktree, 'got'), 'utf8');
  };

  it('goes on with the agent’s own session: the feedback is all that it is told', async () => {
    const told = await got(agent, {
      feedback: '$(touch pwned) {sessionId} {{branch}}',
      sessionId: 'ses_1-a',
    });
    expect(told).toBe(
      'resumed --permission-mode default --resume ses_1-a\n$(touch pwned) {sessionId} {{branch}}\n',
    );
    expect(existsSync(join(place.worktree, 'pwned'))).toBe(false);
  });

  it.each([
    ['no session is known', agent, {}],
    ['the agent can not go on', { ...agent, resumeArgs: undefined }, { sessionId: 'ses_1' }],
    ['the id could be an option', agent, { sessionId: '--dangerously-skip-permissions' }],
    ['the id is none', agent, { sessionId: 'a b' }],
  ])('starts anew with the task and the feedback where %s', async (_, config, session) => {
    const told = await got(config as AgentConfig, { feedback: 'It is red: {{branch}}', ...session });
    expect(told).toMatch(/^fresh --permission-mode default\n/);
    expect(told).toContain('# Task 20: Say hello');
    expect(told).toMatch(/# An earlier attempt\n\n[^#]+It was not enough:\n\nIt is red: \{\{branch\}\}\n$/);
  });

  it('is in the environment as every other', async () => {
    const config = { ...agent, resumeArgs: ['-c', 'printf %s "$PWT_TASK_ID $PWT_BRANCH" > got'] };
    expect(await got(config, { feedback: 'x', sessionId: 'ses_1' })).toBe('20 feature/us-020');
  });
});

describe('several agents', () => {
  const saying = (name: string, text: string, dialect: 'lines' | 'codex' = 'lines') =>
    resolveAgent({ preset: 'pi', name, dialect, command: 'sh', args: ['-c', text] });
  const launcher = (...agents: AgentDefinition[]) => new ProcessLauncher({ agents, env, cwd: '/' });

  it('starts the one that the request names, and else the first', async () => {
    const both = launcher(saying('a', 'echo from a > got'), saying('b', 'echo from b > got'));
    await finished(await both.launch({ ...requestIn(place), agent: 'b' }));
    expect(await contentOf(join(place.worktree, 'got'))).toBe('from b\n');
    const run = await both.launch(requestIn(place, { number: 2, stateDir: join(place.root, 'state-2') }));
    await finished(run);
    expect(run.details).toMatchObject({ agent: 'a' });
    expect(await contentOf(join(place.worktree, 'got'))).toBe('from a\n');
  });

  it('finds an agent again as the one that it is on record, also where it is configured no more', async () => {
    const failed = JSON.stringify({ type: 'turn.failed', error: { message: 'unexpected status 401' } });
    const request = { ...requestIn(place), agent: 'b' };
    const both = launcher(saying('a', 'true'), saying('b', `echo '${failed}'`, 'codex'));
    await (await both.launch(request)).exited;
    const found = await launcher(saying('a', 'true')).attach(request.attempt);
    expect(found?.details).toMatchObject({ agent: 'b' });
    expect(await found?.exited).toMatchObject({ failure: { kind: 'auth' } });
  });

  it('is on record as the agent that was started, whatever was written for another one before', async () => {
    const both = launcher(saying('a', 'echo a'), saying('b', 'echo b'));
    const request = requestIn(place);
    await both.ready({ ...request, agent: 'a' });
    await finished(await both.launch({ ...request, agent: 'b' }));
    expect((await both.attach(request.attempt))?.details).toMatchObject({ agent: 'b' });
  });

  it('says what each can do, by a name of its own', () => {
    const { agents } = launcher(
      ...(['claude', { preset: 'claude', args: ['--model', 'small'] }, 'codex', 'cline'] as const).map(
        (one) => resolveAgent(one),
      ),
      resolveAgent({ command: ['my-agent'] }),
    );
    const both = { tokens: true, costUsd: true };
    expect(agents).toEqual([
      { name: 'claude', resumes: true, tells: both },
      { name: 'claude-2', resumes: true, tells: both },
      { name: 'codex', resumes: true, tells: { tokens: true, costUsd: false } },
      { name: 'cline', resumes: false, tells: both },
      { name: 'my-agent', resumes: false, tells: { tokens: false, costUsd: false } },
    ]);
  });

  it('refuses an agent that it has not, and to have none', async () => {
    const one = launcher(saying('a', 'true'));
    const unknown = { code: 'PWT_AGENT_UNKNOWN', data: { known: ['a'] } };
    await expect(one.launch({ ...requestIn(place), agent: 'b' })).rejects.toMatchObject(unknown);
    expect(() => launcher()).toThrow(expect.objectContaining({ code: 'PWT_AGENT_INVALID' }));
  });
});

describe('check', () => {
  it('names the command that installs a missing preset', async () => {
    const launcher = new ProcessLauncher({
      agents: [resolveAgent('codex')],
      env: { PATH: place.root },
      cwd: '/',
    });
    await expect(launcher.check()).rejects.toMatchObject({
      code: 'PWT_AGENT_NOT_FOUND',
      hint: 'Install it with: npm install -g @openai/codex',
    });
    await expect(launcher.launch(requestIn(place))).rejects.toMatchObject({ code: 'PWT_AGENT_NOT_FOUND' });
  });

  it('finds a command with a slash relative to where the user is, not to the worktree', async () => {
    await writeFile(join(place.root, 'agent'), '#!/bin/sh\npwd > got\n');
    await chmod(join(place.root, 'agent'), 0o755);
    const agent = resolveAgent({ command: ['./agent'] });
    const launcher = new ProcessLauncher({ agents: [agent], env, cwd: place.root });
    await launcher.check();
    await finished(await launcher.launch(requestIn(place)));
    expect(await contentOf(join(place.worktree, 'got'))).toBe(`${place.worktree}\n`);
  });
});

describe('time limits', () => {
  const waits = 'echo ready; echo ready > ready; read line < gate';

  beforeEach(() => makeFifo(join(place.worktree, 'gate')));

  it('stops an agent that takes too long', async () => {
    const clock = new ManualClock();
    const run = await launcherOf(waits, { clock }).launch(requestIn(place, { timeoutMs: 60_000 }));
    await contentOf(join(place.worktree, 'ready'));
    clock.advance(59_999);
    expect(clock.pending).toEqual([1]);
    clock.advance(1);
    expect(await run.exited).toMatchObject({ kind: 'timed-out' });
  });

  it('counts from the start, also for an agent that is found again later', async () => {
    const clock = new ManualClock();
    const request = requestIn(place, { timeoutMs: 60_000 });
    const first = await launcherOf(waits, { clock: new ManualClock() }).launch(request);
    clock.advance(70_000);
    const found = await launcherOf('unused', { clock }).attach(request.attempt);
    expect(found?.startedAt).toBe(first.startedAt);
    expect(await found?.exited).toMatchObject({ kind: 'timed-out' });
    // The program that had started it learns the reason from the record.
    const later = await launcherOf('unused').attach(request.attempt);
    expect(await later?.exited).toMatchObject({ kind: 'timed-out' });
  });

  it('stops an agent that prints nothing for too long, and no other', async () => {
    const clock = new ManualClock();
    const request = requestIn(place, { idleTimeoutMs: 10_000 });
    const run = await launcherOf(waits, { clock }).launch(request);
    await contentOf(join(place.worktree, 'ready'));
    const log = join(request.attempt.stateDir, 'stderr.log');
    await expect.poll(() => clock.pending.length, { timeout: 15_000 }).toBe(1);
    clock.advance(9000);
    // Its time and its text come at once: nobody sees the one without the other.
    await writeFile(`${log}.new`, 'alive\n');
    await utimes(`${log}.new`, clock.now() / 1000, clock.now() / 1000);
    await rename(`${log}.new`, log);
    clock.advance(2000);
    await expect.poll(() => clock.pending.length, { timeout: 15_000 }).toBe(1);
    clock.advance(8500);
    expect(await run.exited).toMatchObject({ kind: 'idle-timed-out' });
  });

  it('takes it for no sign of life that an agent tries again and again', async () => {
    const clock = new ManualClock();
    const event = JSON.stringify({ type: 'system', subtype: 'api_retry', attempt: 3, error_status: 429 });
    const agent = { preset: 'claude', command: 'sh', args: ['-c', waits] };
    const request = requestIn(place, { idleTimeoutMs: 10_000 });
    const run = await launcherOf(agent, { clock }).launch(request);
    await contentOf(join(place.worktree, 'ready'));
    await expect.poll(() => clock.pending.length).toBe(1);
    const logs = ['stdout.log', 'stderr.log'].map((name) => join(request.attempt.stateDir, name));
    for (const log of logs) {
      await appendFile(
        log,
        log.endsWith('stdout.log') ? `${event}\n` : 'Attempt 1 failed. Retrying in 5 s\n',
      );
      await utimes(log, clock.now() / 1000 + 9, clock.now() / 1000 + 9);
    }
    clock.advance(10_500);
    expect(await run.exited).toMatchObject({ kind: 'idle-timed-out', failure: { kind: 'quota' } });
  });

  it('has no limits when they are 0', async () => {
    const clock = new ManualClock();
    const run = await launcherOf(waits, { clock }).launch(requestIn(place));
    expect(clock.pending).toEqual([]);
    await openGate(join(place.worktree, 'gate'));
    expect(await run.exited).toMatchObject({ kind: 'exited', exitCode: 0 });
  });

  it('waits for a limit longer than any timer of Node', async () => {
    const clock = new ManualClock();
    const timeoutMs = 2 ** 32;
    const run = await launcherOf(waits, { clock }).launch(requestIn(place, { timeoutMs }));
    expect(clock.pending).toEqual([2 ** 31 - 1]);
    await run.stop();
  });
});

describe('the end', () => {
  it('stops the whole tree, also what has moved to a session of its own', async () => {
    makeFifo(join(place.worktree, 'gate'));
    const text = `trap '' TERM; node -e '
      const child = require("node:child_process").spawn("sh", ["-c", "echo $$ > child; read x < gate"], { detached: true, stdio: "ignore" });
      child.unref();
    '; read line < gate`;
    const run = await launcherOf(text).launch(requestIn(place));
    const child = identify(Number(await contentOf(join(place.worktree, 'child'))));
    if (!child) throw new Error('the child is not running');
    await run.stop();
    expect(await run.exited).toMatchObject({ kind: 'stopped' });
    expect(isAlive(child)).toBe(false);
  });

  it('ends what an agent leaves running, and says so', async () => {
    makeFifo(join(place.worktree, 'gate'));
    const run = await launcherOf('(echo $$ > child; read x < gate) & read y < child; exit 0').launch(
      requestIn(place),
    );
    const { exit, events } = await finished(run);
    expect(exit).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect(events.at(-1)?.text).toBe('stopped 1 process that the agent had left running');
  });

  it('stays what it was when a stop comes too late', async () => {
    const request = requestIn(place);
    const run = await launcherOf('exit 3').launch(request);
    await run.exited;
    await run.stop();
    expect(await run.exited).toMatchObject({ kind: 'exited', exitCode: 3 });
    const found = await launcherOf('unused').attach(request.attempt);
    await found?.stop();
    expect(await found?.exited).toMatchObject({ kind: 'exited', exitCode: 3 });
  });

  it('tells a signal from an exit code', async () => {
    const exit = await (await launcherOf('kill -KILL $$').launch(requestIn(place))).exited;
    expect(exit).toMatchObject({ kind: 'signalled', signal: 'SIGKILL', failure: { kind: 'crash' } });
  });

  it('explains a failing command by its last words', async () => {
    const text = 'echo working; echo "error: HTTP 429 Too Many Requests" >&2; exit 1';
    const exit = await (await launcherOf(text).launch(requestIn(place))).exited;
    expect(exit.failure).toEqual({ kind: 'quota', message: 'error: HTTP 429 Too Many Requests' });
  });

  it('tells what a silent agent had complained about before its time was up', async () => {
    makeFifo(join(place.worktree, 'gate'));
    const clock = new ManualClock();
    const complaint =
      'level=ERROR message="stream error" error.error="AI_APICallError: HTTP 401, \\"no\\" key"';
    const text = `printf '%s\\n' '${complaint}' >&2; echo > ready; read line < gate`;
    const agent = { preset: 'opencode', command: 'sh', args: ['-c', text] };
    const run = await launcherOf(agent, { clock }).launch(requestIn(place, { idleTimeoutMs: 10_000 }));
    await contentOf(join(place.worktree, 'ready'));
    await expect.poll(() => clock.pending.length).toBe(1);
    clock.advance(60_000);
    expect(await run.exited).toMatchObject({
      kind: 'idle-timed-out',
      failure: { kind: 'auth', message: 'AI_APICallError: HTTP 401, "no" key' },
    });
  });

  it('says that it is lost when its supervisor was killed, and ends what that had left', async () => {
    makeFifo(join(place.worktree, 'gate'));
    const run = await launcherOf('echo $$ > pid; read line < gate').launch(requestIn(place));
    const agent = identify(Number(await contentOf(join(place.worktree, 'pid'))));
    if (!agent) throw new Error('the agent is not running');
    process.kill(run.details?.pid as number, 'SIGKILL');
    const { exit, events } = await finished(run);
    expect(exit).toMatchObject({ kind: 'lost' });
    expect(exit).not.toHaveProperty('exitCode');
    expect(events.at(-1)?.text).toBe('stopped 1 process that the agent had left running');
    expect(isAlive(agent)).toBe(false);
  });

  it('explains a program that the system refuses to run', async () => {
    await writeFile(join(place.root, 'agent'), 'no program\u0000\u0001\n');
    await chmod(join(place.root, 'agent'), 0o755);
    const run = await launcherOf({ command: [join(place.root, 'agent')] }).launch(requestIn(place));
    expect(await run.exited).toMatchObject({ kind: 'exited', failure: { kind: 'crash' } });
  });

  it('finds no failure in the stderr of a command that succeeds', async () => {
    const exit = await (await launcherOf('echo "401 unauthorized" >&2').launch(requestIn(place))).exited;
    expect(exit).not.toHaveProperty('failure');
  });

  it.each([
    ['default', 'refused'],
    ['auto', undefined],
  ] as const)(
    'knows codex at permission %s by its sandbox, now and when it is found again',
    async (permission, kind) => {
      const line = (event: object) => `printf '%s\\n' '${JSON.stringify(event)}'`;
      const said = `${line({ type: 'thread.started', thread_id: '01a2' })}; ${line({ type: 'turn.completed' })}`;
      const agent = { preset: 'codex', command: 'sh', args: ['-c', said] };
      const request = { ...requestIn(place), permission };
      const { exit } = await finished(await launcherOf(agent).launch(request));
      expect(exit.failure?.kind).toBe(kind);
      const found = await launcherOf('unused').attach(request.attempt);
      expect((await found?.exited)?.failure?.kind).toBe(kind);
    },
  );
});

describe('what an agent has used', () => {
  const turn = (input: number) =>
    JSON.stringify({ type: 'turn.completed', usage: { input_tokens: input, output_tokens: 2 } });
  const codex = (...turns: number[]) => {
    const args = ['-c', turns.map((input) => `echo '${turn(input)}'`).join('; ')];
    return { preset: 'codex', command: 'sh', args, resumeArgs: args };
  };

  it('is told as it grows, as a whole at the end, and again when it is found again', async () => {
    const request = requestIn(place);
    const { exit, events } = await finished(await launcherOf(codex(10, 30)).launch(request));
    expect(events.map(({ total }) => total)).toEqual([
      { inputTokens: 10, outputTokens: 2 },
      { inputTokens: 30, outputTokens: 2 },
    ]);
    expect(exit.usage).toEqual({ inputTokens: 30, outputTokens: 2 });
    const found = await launcherOf('unused').attach(request.attempt);
    expect(found && (await finished(found))).toEqual({ exit, events });
  });

  it('is that of the attempt, also where the agent counts on from an earlier one', async () => {
    const continues = { feedback: 'x', sessionId: 'ses_1', usedBefore: { inputTokens: 30, outputTokens: 1 } };
    const request = requestIn(place, { continues });
    const usage = { inputTokens: 12, outputTokens: 1 };
    const run = await launcherOf(codex(42)).launch(request);
    expect(await run.exited).toMatchObject({ usage });
    expect(await (await launcherOf('unused').attach(request.attempt))?.exited).toMatchObject({ usage });
    const anew = requestIn(place, {
      number: 2,
      stateDir: join(place.root, 'state-2'),
      continues: { ...continues, sessionId: '--not an id' },
    });
    expect(await (await launcherOf(codex(42)).launch(anew)).exited).toMatchObject({
      usage: { inputTokens: 42, outputTokens: 2 },
    });
  });
});

describe('events', () => {
  it('tells what an agent does while it does it', async () => {
    makeFifo(join(place.worktree, 'gate'));
    const run = await launcherOf('echo first; read line < gate; printf last').launch(requestIn(place));
    const events = run.events[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ kind: 'output', text: 'first' });
    await openGate(join(place.worktree, 'gate'));
    expect((await events.next()).value).toEqual({ kind: 'output', text: 'last' });
    expect((await events.next()).done).toBe(true);
  });

  it('tells each fact and the latest of what passes by, of however many lines', async () => {
    const usage = JSON.stringify({ type: 'turn.completed', usage: { input_tokens: 1, output_tokens: 2 } });
    const item = JSON.stringify({ type: 'item.started', item: { type: 'command_execution', command: 'ls' } });
    const text = `yes '${item}' | head -n 100000; echo '${usage}'; yes '${item}' | head -n 10; echo '${usage}'`;
    const agent = { preset: 'codex', command: 'sh', args: ['-c', text] };
    const run = await launcherOf(agent).launch(requestIn(place));
    await run.exited;
    const events = await allOf(run.events);
    expect(events.filter(({ kind }) => kind === 'usage')).toHaveLength(2);
    expect(events.length).toBeLessThan(20);
  });
});

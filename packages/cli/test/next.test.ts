import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

/** The commands that an output ends with, in order. */
function commandsOf(stdout: string): string[] {
  return [
    ...stdout.matchAll(/^(?:Go on|Finish .*|Test .* again|Land .*|Try .* again|Run .*): (pwt .*)$/gm),
  ].map(([, command = '']) => command);
}

describe('what to do next', () => {
  it('is the same in run, status and land, names what is in the way, and works', async () => {
    bench = await Workbench.create(program, {
      'shared.txt': 'start\n',
      ...spec(1, 'shared.txt', '@write shared.txt done'),
      ...spec(2, 'two.txt', '@claims', '@write elsewhere.txt too'),
      ...spec(3, 'three.txt', '@exit 3'),
    });
    await bench.repository.write({ 'shared.txt': 'mine\n' });
    const ran = await bench.run(['--audit', 'strict', '--max-instances', '3']);
    const commands = ['pwt resume --audit warn', 'pwt land', 'pwt retry 3'];
    expect(ran.exitCode).toBe(1);
    expect(commandsOf(ran.stdout)).toEqual(commands);
    const status = await bench.pwt(['status']);
    const land = await bench.pwt(['land']);
    expect(land.exitCode).toBe(1);
    for (const { stdout } of [ran, status, land]) {
      expect(commandsOf(stdout)).toEqual(commands);
      expect(stdout).toMatch(/^Not landed: Uncommitted changes in .*project are in the way: shared\.txt\. /m);
      expect(stdout).toMatch(/^2 is held: changed paths outside its claims: elsewhere\.txt/m);
      expect(stdout).toMatch(/^Look at 3: pwt logs 3$/m);
    }
    const json = JSON.parse((await bench.pwt(['status', '--json'])).stdout) as {
      next: { command: string }[];
    };
    expect(json.next.map(({ command }) => command)).toEqual(commands);

    // What finishes the held task pays for no second agent, and lands what is not in the way any more.
    await bench.repository.git('checkout', '--', 'shared.txt');
    const resumed = await bench.pwt(['resume', '--audit', 'warn']);
    expect(commandsOf(resumed.stdout)).toEqual(['pwt retry 3']);
    expect(await bench.repository.filesOf('main')).toMatchObject({
      'shared.txt': 'done\n',
      'elsewhere.txt': 'too\n',
    });
    const logs = JSON.parse((await bench.pwt(['logs', '2', '--json'])).stdout) as {
      logs: { file: string }[];
    };
    expect(logs.logs.every(({ file }) => file.includes('/2/1/'))).toBe(true);
    const nothing = await bench.pwt(['land']);
    expect(nothing).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^Nothing to land: /) });
    expect(commandsOf(nothing.stdout)).toEqual(['pwt retry 3']);
  });

  it('says before another agent starts for a held task that its work is there, and does as it is told', async () => {
    bench = await Workbench.create(program, { ...spec(1, 'one.txt', '@claims', '@write other.txt x') });
    await bench.run(['--audit', 'strict']);
    const land = await bench.pwt(['land']);
    expect(land).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^Nothing to land: no task /) });
    const retried = await bench.pwt(['retry', '1']);
    expect(retried.stderr).toBe(
      "The agents' work on 1 is finished and only held. To finish it without another agent: pwt resume\n",
    );
    expect(retried.stdout).toContain('1: goes on after held: ');
  });

  it('without a run is to start one', async () => {
    bench = await Workbench.create(program);
    expect(await bench.pwt(['land'])).toMatchObject({
      exitCode: 0,
      stdout: 'Nothing to land: there has been no run yet. Start one with: pwt run\n',
    });
    expect((await bench.pwt(['status'])).stdout).toBe('No run yet. Start one with: pwt run\n');
  });
});

import { code } from './inline.js';

/** A command that a project uses, as it is known before an agent starts. */
export interface ProjectCommand {
  readonly command: string;
  /** `gate`: pwt runs it on finished work. `setup`: pwt has run it in the worktree. `script`: the project names it. */
  readonly kind: 'gate' | 'setup' | 'script';
}

const SCRIPTS = 16;
const LENGTH = 200;

/** The commands of a project, as information. Nothing if none is known. */
export function describeCommands(commands: readonly ProjectCommand[]): string {
  const of = (kind: ProjectCommand['kind']) =>
    commands.filter((one) => one.kind === kind).map(({ command }) => code(command, LENGTH));
  const scripts = of('script');
  const lines = [
    ...of('setup').map((command) => `- ${command}: has run in your worktree`),
    ...of('gate').map((command) => `- ${command}: has to succeed on your work before it lands`),
    ...(scripts.length === 0 ? [] : [`- ${scripts.slice(0, SCRIPTS).join(', ')}`]),
  ];
  return lines.length === 0 ? '' : ['Commands of this project:', '', ...lines].join('\n');
}

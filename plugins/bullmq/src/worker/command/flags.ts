/** A flag of `pwt-worker`, for the parser and for its help. */
export interface Flag {
  /** As help shows its value; absent for one without. */
  readonly value?: string;
  readonly multiple?: true;
  readonly about: string;
}

export type FlagName =
  | 'redis'
  | 'username'
  | 'password-file'
  | 'ca'
  | 'queue'
  | 'remote'
  | 'name'
  | 'label'
  | 'allow-agent'
  | 'allow-gate'
  | 'allow-setup'
  | 'allow-file'
  | 'max-instances'
  | 'gate-slots'
  | 'max-cpu'
  | 'max-memory'
  | 'min-disk'
  | 'state'
  | 'sandbox'
  | 'heartbeat'
  | 'lock'
  | 'snapshot'
  | 'help'
  | 'version';

export const flags: Readonly<Record<FlagName, Flag>> = {
  redis: { value: '<url>', about: 'Redis or Valkey: redis://host:6379 or, with TLS, rediss://host:6379' },
  username: {
    value: '<name>',
    about: 'User of Redis (ACL); its password comes from a file, or from PWT_REDIS_PASSWORD',
  },
  'password-file': {
    value: '<file>',
    about: 'File or pipe with the password of Redis, - is stdin [PWT_REDIS_PASSWORD_FILE]',
  },
  ca: { value: '<file>', about: 'Certificate of the authority that has signed that of Redis' },
  queue: { value: '<name>', about: 'The queue to join [pwt]' },
  remote: {
    value: '[<name>=]<url>',
    multiple: true,
    about: 'Repository through which code travels [its name for runs: the last part]',
  },
  name: {
    value: '<name>',
    about: "What the worker is called; unique in the queue [the machine's name and a number]",
  },
  label: { value: '<name>=<value>', multiple: true, about: 'What tasks may ask for with runs-on' },
  'allow-agent': {
    value: '<agent>',
    multiple: true,
    about: 'Agent that may run here: claude, or exactly "my-agent --flag", or JSON',
  },
  'allow-gate': {
    value: '<command>',
    multiple: true,
    about: 'Command of a gate that may run here, exactly',
  },
  'allow-setup': {
    value: '<command>',
    multiple: true,
    about: 'Command of set-up that may run here, exactly',
  },
  'allow-file': {
    value: '<file>',
    multiple: true,
    about: 'JSON: {"agents": […], "gates": […], "setups": […]}',
  },
  'max-instances': { value: '<n>', about: 'Agents that may run here at the same time [by cores and memory]' },
  'gate-slots': { value: '<n>', about: 'Gates that may run here at the same time [1]' },
  'max-cpu': { value: '<percent>', about: 'No further task while the CPU is busier than this [80]' },
  'max-memory': {
    value: '<percent>',
    about: 'No further task while more of the memory is in use than this [80]',
  },
  'min-disk': { value: '<size>', about: 'No further task with less free disk than this [1GB]' },
  state: { value: '<folder>', about: "The worker's own folder [~/.local/state/pwt/worker/<queue>]" },
  sandbox: { value: '<mode>', about: 'Confines agents: auto, required or off [off]' },
  heartbeat: {
    value: '<seconds>',
    about: 'How often it says that it is there; as heartbeatSeconds of the runs [5]',
  },
  lock: { value: '<seconds>', about: "BullMQ's lock on a job; as lockSeconds of the runs [30]" },
  snapshot: { value: '<seconds>', about: 'How often unfinished work is pushed [180]' },
  help: { about: 'This text' },
  version: { about: 'The version' },
};

export function helpText(program: string): string {
  const entries = Object.entries(flags);
  const names = entries.map(([name, { value }]) => `  --${name}${value === undefined ? '' : ` ${value}`}`);
  const width = 2 + Math.max(...names.map((name) => name.length));
  const lines = entries.map(([, { about, multiple }], index) => {
    const name = names[index] ?? '';
    return `${name.padEnd(width)}${about}${multiple ? ' (repeatable)' : ''}`;
  });
  return [
    `Usage: ${program} --redis <url> --remote <git url> --allow-agent <agent> [flags]`,
    '',
    'Takes tasks of other machines from a queue: makes their worktrees here, runs their agents and gates,',
    'and gives the work back by git. It runs only what is allowed here. The first signal (Ctrl-C) lets its',
    'agents finish, the second one ends them.',
    '',
    ...lines,
    '',
    'Agents that are not confined can read the environment that the worker was started with. Where that matters,',
    'give the password of Redis by --password-file, and not by PWT_REDIS_PASSWORD.',
    '',
  ].join('\n');
}

/** What `pwt help` knows beside the commands: a page of the documentation, or a section of one. */
export interface HelpTopic {
  readonly name: string;
  readonly about: string;
  /** In `docs/`. */
  readonly page: string;
  /** The heading of a section; absent: the page's beginning. */
  readonly section?: string;
}

/** Every topic, in the order in which `pwt help` lists them. */
export const helpTopics: readonly HelpTopic[] = [
  { name: 'ids', about: 'how tasks are named on the command line', page: 'cli.md', section: 'Ids' },
  { name: 'formats', about: 'the formats in which tasks are kept', page: 'formats.md' },
  { name: 'specs', about: 'what is read from a spec, and how to write one', page: 'specs.md' },
  { name: 'patterns', about: 'the paths and patterns of claims', page: 'scope.md' },
  { name: 'configuration', about: 'files, flags and their order', page: 'configuration.md' },
  { name: 'agents', about: 'how an agent is chosen, and what it gets', page: 'agents.md' },
  { name: 'attempts', about: 'when an agent goes on, and what it is told', page: 'attempts.md' },
  { name: 'sandbox', about: 'what an agent can write', page: 'sandbox.md' },
  { name: 'workers', about: 'agents and gates on other machines', page: 'distributed.md' },
  { name: 'gates', about: 'what has to succeed before work lands', page: 'gates.md' },
  { name: 'landing', about: 'what a task becomes on the target branch', page: 'landing.md' },
  { name: 'review', about: 'you decide what lands', page: 'review.md' },
  { name: 'conflicts', about: 'conflicts and questions for people', page: 'resolve.md' },
  { name: 'watching', about: 'collisions, and what agents do elsewhere', page: 'watching.md' },
  { name: 'risk', about: 'how likely two tasks change a common file', page: 'risk.md' },
  { name: 'waiting', about: 'why a task waits, and how long it takes', page: 'cli.md', section: 'Waiting' },
  { name: 'interrupting', about: 'Ctrl-C, and how to go on', page: 'cli.md', section: 'Interrupting' },
  { name: 'next', about: 'what to do about what a run has come to', page: 'cli.md', section: 'What next' },
  { name: 'snapshots', about: 'work that was left, and where it is', page: 'cli.md', section: 'Snapshots' },
  { name: 'exit-codes', about: 'what an exit of pwt means', page: 'cli.md', section: 'Exit codes' },
  { name: 'json', about: 'what --json prints', page: 'cli.md', section: 'JSON' },
  {
    name: 'errors',
    about: 'how errors are printed; the code of one is a topic, too',
    page: 'cli.md',
    section: 'Errors',
  },
];

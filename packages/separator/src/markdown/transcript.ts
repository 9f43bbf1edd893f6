/** What the info string of a fence calls the text of a terminal. */
const TERMINAL = new Set([
  'console',
  'shell-session',
  'shellsession',
  'sh-session',
  'terminal',
  'output',
  'log',
]);

/** `$ ls`, `❯ ls`, `user@host:~$ ls`. */
const PROMPT = /^\s*(?:[\w.-]+@[\w.:~/-]+)?[$❯%] \S/;

/** True for a fence that shows what a terminal does, by its info string or by the prompt in its first line. */
export function isTranscriptFence(info: string, firstLine: string): boolean {
  return (
    TERMINAL.has(info.toLowerCase().split(/[\s{]/, 1)[0] as string) || PROMPT.test(firstLine.slice(0, 200))
  );
}

/** The processor time that this process has used, in milliseconds: a busy machine makes it no longer. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

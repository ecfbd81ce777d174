/** Time of the processor, in milliseconds: a clock on the wall would count what others do on the machine. */
export function clock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

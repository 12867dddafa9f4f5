/** The milliseconds of processor time that something takes: while the machine does other things, the clock says nothing. */
export function spent(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Whether another process that lives has this number. Our own number is no other's: in a container the same ones come again, and
 * whatever bears ours from before was left by a process that is gone.
 */
export function isOtherProcess(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

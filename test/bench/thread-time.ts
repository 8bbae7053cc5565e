import { readFileSync } from 'node:fs';

/**
 * Seconds that the main thread has spent on a processor: background compilation does not count, and neither does
 * waiting for one. Where the system does not tell, it is the time of the whole process.
 */
export function threadSeconds(): number {
  try {
    const id = String(process.pid);
    const [nanoseconds = ''] = readFileSync(`/proc/self/task/${id}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e9;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
}

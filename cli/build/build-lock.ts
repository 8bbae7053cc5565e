import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const pollMilliseconds = 100;

/**
 * Lets one process at a time make `file`. Gives a function that ends the claim, or undefined once the file is there
 * because another process made it.
 */
export async function claim(file: string): Promise<(() => void) | undefined> {
  const lock = `${file}.lock`;
  while (!existsSync(file)) {
    if (tryLock(lock)) {
      return () => {
        rmSync(lock, { force: true });
      };
    }
    if (!isHeld(lock)) rmSync(lock, { force: true });
    await setTimeout(pollMilliseconds);
  }
  return undefined;
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** A claim whose process has died holds nothing; one that has just been ended is looked at again. */
function isHeld(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch {
    return !existsSync(lock);
  }
}

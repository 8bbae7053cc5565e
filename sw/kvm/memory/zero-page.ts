import { takePage } from '../../host/memory/frames.ts';

/** The page that all pages share which guests have only read so far. */
let zeroPage: usize = 0;

/** Sets the zero page aside, once; false without memory. */
export function makeZeroPage(): bool {
  if (zeroPage == 0) zeroPage = takePage();
  return zeroPage != 0;
}

/** The zero page, 0 while no VM has been made. */
export function sharedZeroPage(): usize {
  return zeroPage;
}

import { htif } from './htif.ts';
import { testFinisher } from './test-finisher.ts';
import { uart } from './uart.ts';

export { htif, testFinisher, uart };
export type { Verdict } from './verdict.ts';

/** The kinds of device this folder offers to platforms. */
export const deviceKinds = [uart, htif, testFinisher] as const;

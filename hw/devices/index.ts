import { blockDevice } from './block-device.ts';
import { entropy } from './entropy.ts';
import { htif } from './htif.ts';
import { nic } from './nic.ts';
import { quietPlic } from './quiet-plic.ts';
import { rtlHarness } from './rtl-harness.ts';
import { testFinisher } from './test-finisher.ts';
import { uart } from './uart.ts';

export { blockDevice, entropy, htif, nic, quietPlic, rtlHarness, testFinisher, uart };
export type { MeasuredRegion } from './rtl-harness.ts';
export type { Verdict } from './verdict.ts';

/** The kinds of device this folder offers to platforms. */
export const deviceKinds = [
  uart,
  htif,
  testFinisher,
  entropy,
  blockDevice,
  nic,
  rtlHarness,
  quietPlic,
] as const;

import { defineDevice, stream } from '../kernel/index.ts';
import type { Verdict } from './verdict.ts';

const Finish = { fail: 0x3333, pass: 0x5555, reset: 0x7777 } as const;

function verdictFor(value: number): Verdict | undefined {
  switch (value & 0xffff) {
    case Finish.pass:
      return { kind: 'passed' };
    case Finish.fail:
      return { kind: 'failed', code: value >>> 16 };
    case Finish.reset:
      return { kind: 'reset' };
    default:
      return undefined;
  }
}

/** Ends the run with a verdict (device tree binding sifive,test0; QEMU's sifive_test). Other values are ignored. */
export const testFinisher = defineDevice({
  kind: 'test-finisher',
  summary: 'Takes the verdict of a run: passed, failed with a code, or reset.',
  size: 0x1000,
  unmapped: 'zero',
  ports: { verdict: stream<Verdict>('the verdicts written') },
  reset: {},
  registers: {
    finish: {
      offset: 0x0,
      bytes: 4,
      description: '0x5555 passes, 0x3333 | code << 16 fails, 0x7777 resets.',
      write: (_draft, value, { emit }) => {
        const verdict = verdictFor(value);
        if (verdict !== undefined) {
          emit.verdict(verdict);
        }
      },
    },
  },
});

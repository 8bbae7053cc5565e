import { mstatus } from '../../hw/isa/index.ts';
import {
  RAM_BASE,
  testMachine,
  type TestMachine,
  type TestMachineOptions,
} from '../hw/hart/machine.ts';
import { takesBy, type Taken } from './takes.ts';

/** Where `a1` points when a program begins. */
const DATA = RAM_BASE + 0x8000;

/** What a program took until its `ebreak`, which is not counted. */
export interface Run extends Taken {
  readonly instructions: number;
  /** Leaves of the cycle tree that are not zero, over all modes. */
  readonly leaves: Readonly<Record<string, number>>;
}

/** Runs assembly text from reset, in M mode, to the first `ebreak`; `a1` points to zeroed memory. */
export function runToBreak(
  text: string,
  options: TestMachineOptions = {},
  prepare: (machine: TestMachine) => void = () => undefined,
): Run {
  const machine = testMachine(options);
  machine.load(`${text}\nebreak\n`);
  const { hart } = machine;
  hart.state.x[11] = BigInt(DATA);
  prepare(machine);
  let run: Run | undefined;
  hart.onTrap = ({ cause, cycle, isInterrupt }) => {
    if (run !== undefined || isInterrupt || cause !== 3) return;
    const leaves: Record<string, number> = {};
    for (const mechanisms of Object.values(hart.account.tree.snapshot())) {
      for (const [name, cycles] of Object.entries(mechanisms)) {
        if (cycles > 0) leaves[name] = (leaves[name] ?? 0) + cycles;
      }
    }
    // The trap entry of the ebreak itself is charged before its hook is called.
    const entry = hart.state.cycle - cycle;
    leaves['trap-entry'] = (leaves['trap-entry'] ?? 0) - entry;
    if (leaves['trap-entry'] === 0) delete leaves['trap-entry'];
    run = { cycles: cycle, instructions: hart.state.instret, leaves };
    machine.scheduler.stop('break');
  };
  machine.run(100_000);
  if (run === undefined) throw new Error('the program reached no ebreak');
  return run;
}

/** The same as `takes` on a hart with F and D, with floating-point state enabled. */
export const takesWithFloat = takesBy((program) => {
  return runToBreak(program, { float: true }, ({ hart }) => {
    hart.csrs.setFields(mstatus, { fs: 1n });
  });
});

/** A test whose title ends with the number of cycles that the program must take on the usual hart. */
export const takes = takesBy((program) => runToBreak(program));

import { defineAssembly, registers, type RegisterName } from '../toolchain/index.ts';

const { a0, sp, t0, t1, tp, zero } = registers;
const general = (Object.keys(registers) as RegisterName[]).filter(
  (name) => name !== 'zero' && name !== 'tp',
);

/**
 * Entry of every trap into HS mode: saves the program in its thread, runs onTrap on the hart's stack, and resumes the thread it
 * returns. `resume` with a0 = thread is also the way out of the boot code.
 */
export const trapVector = defineAssembly('trap_vector', (a, { offsetOf }) => {
  a.csrrw(tp, 'sscratch', tp);
  for (const name of general) a.sd(registers[name], offsetOf('Registers', name), tp);
  a.sd(zero, offsetOf('Registers', 'zero'), tp);
  a.csrrw(t0, 'sscratch', tp);
  a.sd(t0, offsetOf('Registers', 'tp'), tp);
  a.csrr(t0, 'sepc');
  a.csrr(t1, 'sstatus');
  a.sd(t0, offsetOf('Thread', 'pc'), tp);
  a.sd(t1, offsetOf('Thread', 'status'), tp);
  a.mv(a0, tp);
  a.ld(tp, offsetOf('Thread', 'runsOn'), tp);
  a.ld(sp, offsetOf('Hart', 'stackTop'), tp);
  a.call('onTrap');
  a.symbol('resume');
  a.csrw('sscratch', a0);
  a.mv(tp, a0);
  a.ld(t0, offsetOf('Thread', 'pc'), tp);
  a.ld(t1, offsetOf('Thread', 'status'), tp);
  a.csrw('sepc', t0);
  a.csrw('sstatus', t1);
  for (const name of general) a.ld(registers[name], offsetOf('Registers', name), tp);
  a.ld(tp, offsetOf('Registers', 'tp'), tp);
  a.sret();
});

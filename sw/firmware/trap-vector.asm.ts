import { defineAssembly, registers, type RegisterName } from '../toolchain/index.ts';

const { a0, sp, t0, t1, tp, zero } = registers;
const general = (Object.keys(registers) as RegisterName[]).filter(
  (name) => name !== 'zero' && name !== 'tp',
);

/** Entry of every trap into M mode: saves the program in the hart's block, runs onTrap, and resumes what the block says then. */
export const trapVector = defineAssembly('trap_vector', (a, { offsetOf }) => {
  a.csrrw(tp, 'mscratch', tp);
  for (const name of general) a.sd(registers[name], offsetOf('Registers', name), tp);
  a.sd(zero, offsetOf('Registers', 'zero'), tp);
  a.csrrw(t0, 'mscratch', tp);
  a.sd(t0, offsetOf('Registers', 'tp'), tp);
  a.csrr(t0, 'mepc');
  a.csrr(t1, 'mstatus');
  a.sd(t0, offsetOf('Hart', 'pc'), tp);
  a.sd(t1, offsetOf('Hart', 'status'), tp);
  a.ld(sp, offsetOf('Hart', 'stackTop'), tp);
  a.mv(a0, tp);
  a.call('onTrap');
  a.symbol('resume');
  a.ld(t0, offsetOf('Hart', 'pc'), tp);
  a.ld(t1, offsetOf('Hart', 'status'), tp);
  a.csrw('mepc', t0);
  a.csrw('mstatus', t1);
  for (const name of general) a.ld(registers[name], offsetOf('Registers', name), tp);
  a.ld(tp, offsetOf('Registers', 'tp'), tp);
  a.mret();
});

import { defineAssembly, registers, type RegisterName } from '../toolchain/index.ts';

const { a0, t0, t1, t2, t3, t4, t5 } = registers;

const hostNames: readonly RegisterName[] = [
  ...(['ra', 'sp', 'gp', 'tp', 's0', 's1', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'] as const),
  ...(['s2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11'] as const),
];
const guestNames = (Object.keys(registers) as RegisterName[]).filter(
  (name) => name !== 'zero' && name !== 'a0',
);
const hostField = (name: RegisterName): string =>
  `host${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/**
 * `kvm_switch_to(vcpu)`: enters the guest, and returns after its next trap. Both ways move the registers of kernel and guest and swap five
 * CSRs; interrupts of the host are off. `dv-ext 8.4`
 */
export const switchTo = defineAssembly('kvm_switch_to', (a, { offsetOf }) => {
  const field = (name: string): number => offsetOf('SwitchContext', name);
  const register = (name: RegisterName): number => offsetOf('Registers', name);
  const leave = a.label('leave');

  for (const name of hostNames) a.sd(registers[name], field(hostField(name)), a0);
  a.ld(t0, field('sstatus'), a0);
  a.ld(t1, field('hstatus'), a0);
  a.ld(t2, field('scounteren'), a0);
  a.la(t4, leave);
  a.ld(t5, field('sepc'), a0);
  a.csrrw(t0, 'sstatus', t0);
  a.csrrw(t1, 'hstatus', t1);
  a.csrrw(t2, 'scounteren', t2);
  a.csrrw(t3, 'sscratch', a0);
  a.csrrw(t4, 'stvec', t4);
  a.csrw('sepc', t5);
  a.sd(t0, field('hostSstatus'), a0);
  a.sd(t1, field('hostHstatus'), a0);
  a.sd(t2, field('hostScounteren'), a0);
  a.sd(t3, field('hostSscratch'), a0);
  a.sd(t4, field('hostStvec'), a0);
  for (const name of guestNames) a.ld(registers[name], register(name), a0);
  a.ld(a0, register('a0'), a0);
  a.sret();

  a.align(4);
  a.place(leave);
  a.probe('save');
  a.csrrw(a0, 'sscratch', a0);
  for (const name of guestNames) a.sd(registers[name], register(name), a0);
  a.ld(t4, field('hostStvec'), a0);
  a.ld(t3, field('hostSscratch'), a0);
  a.ld(t2, field('hostScounteren'), a0);
  a.ld(t1, field('hostHstatus'), a0);
  a.ld(t0, field('hostSstatus'), a0);
  a.csrr(t5, 'sepc');
  a.csrw('stvec', t4);
  a.csrrw(t3, 'sscratch', t3);
  a.csrrw(t2, 'scounteren', t2);
  a.csrrw(t1, 'hstatus', t1);
  a.csrrw(t0, 'sstatus', t0);
  a.sd(t5, field('sepc'), a0);
  a.sd(t3, register('a0'), a0);
  a.sd(t2, field('scounteren'), a0);
  a.sd(t1, field('hstatus'), a0);
  a.sd(t0, field('sstatus'), a0);
  for (const name of hostNames) a.ld(registers[name], field(hostField(name)), a0);
  a.ret();
});

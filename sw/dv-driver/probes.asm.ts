import { defineAssembly, registers } from '../toolchain/index.ts';

const { a0, t0, t1, t2 } = registers;

/** A function that tells whether this hart has a CSR: reading one that is missing traps, and stvec points back here meanwhile. */
function defineProbe(name: string, csr: string) {
  return defineAssembly(name, (a) => {
    const absent = a.label('absent');
    const leave = a.label('leave');
    a.la(t0, absent);
    a.csrrw(t1, 'stvec', t0);
    a.csrr(t2, csr);
    a.li(a0, 1);
    a.j(leave);
    a.align(4);
    a.place(absent);
    a.li(a0, 0);
    a.place(leave);
    a.csrw('stvec', t1);
    a.ret();
  });
}

/** Probes for the parts of the hart that the driver needs or uses. */
export const probes = [
  defineProbe('has_hypervisor', 'hstatus'),
  defineProbe('has_delegation', 'sedeleg'),
  defineProbe('has_vmid', 'h_vmid'),
  defineProbe('has_virtual_timer', 'vtimectl'),
  defineProbe('has_time_delta', 'htimedelta'),
  defineProbe('has_exit_instruction', 'hutinst'),
  defineProbe('has_posting', 'hu_vitr'),
];

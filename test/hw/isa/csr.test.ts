import test from 'ava';
import {
  bit,
  bits,
  csrByAddress,
  csrByName,
  csrs,
  csrSlotCount,
  csrSlots,
  defineCsr,
  indexCsrs,
  isAlias,
  underlying,
} from '../../../hw/isa/index.ts';

/** Numbers of the standard CSRs, as the privileged manual's tables list them (priv 2.2). */
const manual: Readonly<Record<string, number>> = {
  fflags: 0x001,
  frm: 0x002,
  fcsr: 0x003,
  cycle: 0xc00,
  time: 0xc01,
  instret: 0xc02,
  hpmcounter3: 0xc03,
  hpmcounter31: 0xc1f,
  sstatus: 0x100,
  sie: 0x104,
  stvec: 0x105,
  scounteren: 0x106,
  senvcfg: 0x10a,
  sscratch: 0x140,
  sepc: 0x141,
  scause: 0x142,
  stval: 0x143,
  sip: 0x144,
  stimecmp: 0x14d,
  satp: 0x180,
  hstatus: 0x600,
  hedeleg: 0x602,
  hideleg: 0x603,
  hie: 0x604,
  htimedelta: 0x605,
  hcounteren: 0x606,
  hgeie: 0x607,
  henvcfg: 0x60a,
  htval: 0x643,
  hip: 0x644,
  hvip: 0x645,
  htinst: 0x64a,
  hgatp: 0x680,
  hgeip: 0xe12,
  vsstatus: 0x200,
  vsie: 0x204,
  vstvec: 0x205,
  vsscratch: 0x240,
  vsepc: 0x241,
  vscause: 0x242,
  vstval: 0x243,
  vsip: 0x244,
  vstimecmp: 0x24d,
  vsatp: 0x280,
  mvendorid: 0xf11,
  marchid: 0xf12,
  mimpid: 0xf13,
  mhartid: 0xf14,
  mconfigptr: 0xf15,
  mstatus: 0x300,
  misa: 0x301,
  medeleg: 0x302,
  mideleg: 0x303,
  mie: 0x304,
  mtvec: 0x305,
  mcounteren: 0x306,
  menvcfg: 0x30a,
  mcountinhibit: 0x320,
  mhpmevent3: 0x323,
  mhpmevent31: 0x33f,
  mscratch: 0x340,
  mepc: 0x341,
  mcause: 0x342,
  mtval: 0x343,
  mip: 0x344,
  mtinst: 0x34a,
  mtval2: 0x34b,
  pmpcfg0: 0x3a0,
  pmpcfg2: 0x3a2,
  pmpaddr0: 0x3b0,
  pmpaddr15: 0x3bf,
  mcycle: 0xb00,
  minstret: 0xb02,
  mhpmcounter3: 0xb03,
  mhpmcounter31: 0xb1f,
};

/** Numbers of DV-Ext's CSRs (`dv-ext` 1.2 and the profiles' page). */
const delegated: Readonly<Record<string, number>> = {
  ustatus: 0x000,
  uie: 0x004,
  utvec: 0x005,
  uscratch: 0x040,
  uepc: 0x041,
  ucause: 0x042,
  utval: 0x043,
  uip: 0x044,
  sedeleg: 0x102,
  sideleg: 0x103,
  huvsstatus: 0x400,
  vtimecmp: 0x401,
  vtimectl: 0x402,
  huvsie: 0x404,
  huvstvec: 0x405,
  huvsscratch: 0x440,
  huvsepc: 0x441,
  huvscause: 0x442,
  huvstval: 0x443,
  huvsip: 0x444,
  huvsatp: 0x480,
  vcpuid: 0x482,
  vipi0: 0x483,
  vipi1: 0x484,
  vipi2: 0x485,
  vipi3: 0x486,
  h_vmid: 0x6c0,
  hu_vcpuid: 0x8c0,
  hu_vitr: 0x8c1,
  hustatus: 0x800,
  huie: 0x804,
  hutimedelta: 0x805,
  hucounteren: 0x806,
  hutval: 0x843,
  huip: 0x844,
  huvip: 0x845,
  hutinst: 0x84a,
  hugatp: 0x880,
};

test('CSRs have the numbers of the manual', (t) => {
  for (const [name, address] of Object.entries({ ...manual, ...delegated })) {
    t.is(csrByName.get(name)?.address, address, name);
  }
});

test('no CSR is declared that no list has', (t) => {
  const listed = new Set(Object.keys({ ...manual, ...delegated }));
  const runs = /^(m?hpmcounter|mhpmevent|pmpaddr)\d+$/;
  t.deepEqual(
    csrs.map(({ name }) => name).filter((name) => !listed.has(name) && !runs.test(name)),
    [],
  );
});

test('every CSR is found by its address and by its name', (t) => {
  for (const csr of csrs) {
    t.is(csrByAddress.get(csr.address), csr);
    t.is(csrByName.get(csr.name), csr);
  }
});

test('address bits 11:10 make a CSR read-only', (t) => {
  t.deepEqual(
    csrs.filter(({ isReadOnly }) => isReadOnly).map(({ address }) => address >> 10),
    csrs.filter(({ address }) => address >= 0xc00).map(() => 3),
  );
});

test('two CSRs under one address or name are refused', (t) => {
  const row = (name: string, address: number) =>
    defineCsr({
      name,
      address,
      extension: 'base',
      description: '',
      spec: 'priv 2.1',
      fields: {},
    });
  const rows = [row('a', 1), row('b', 1), row('a', 2)];
  t.throws(() => indexCsrs(rows, ({ address }) => address), {
    message: 'CSR b: 1 already belongs to a',
  });
  t.throws(() => indexCsrs(rows, ({ name }) => name), {
    message: 'CSR a: a already belongs to a',
  });
});

test('fields that overlap or lie outside 64 bits are refused', (t) => {
  const define = (fields: Parameters<typeof defineCsr>[0]['fields']) => () =>
    defineCsr({
      name: 'x',
      address: 1,
      extension: 'base',
      description: '',
      spec: 'priv 2.1',
      fields,
    });
  t.throws(define({ a: bits(3, 0, 'any'), b: bit(3, 'any') }), { message: /field b/ });
  t.throws(define({ a: bits(64, 60, 'any') }), { message: /field a/ });
  t.throws(define({ a: bits(1, 2, 'any') }), { message: /field a/ });
});

test('slots are dense and belong to CSRs that keep bits of their own', (t) => {
  const slots = [...csrSlots.values()];
  t.deepEqual(
    slots,
    Array.from({ length: csrSlotCount }, (_, slot) => slot),
  );
  for (const csr of csrSlots.keys()) t.not(csr.storage, 'constant', csr.name);
});

test('a view shows no bit that its target lacks', (t) => {
  for (const csr of csrs) {
    if (!isAlias(csr.storage) || csr.storage.own !== undefined) continue;
    const { aliasOf, shift = 0 } = csr.storage;
    t.is((csr.mask << BigInt(shift)) & ~aliasOf.mask, 0n, csr.name);
    t.false(isAlias(underlying(csr).storage), csr.name);
  }
});

test('every CSR says in words what it is and where it is specified', (t) => {
  for (const { name, description, spec } of csrs) {
    t.true(description.length > 3, name);
    t.regex(spec, /^(priv|unpriv|duvisor) \S/, name);
  }
});

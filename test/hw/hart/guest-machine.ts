import {
  bitsOf,
  Cause,
  hedeleg,
  hgatp,
  hstatus,
  hVmid,
  medeleg,
  pmpaddrs,
  pmpcfgs,
  sedeleg,
  utvec,
} from '../../../hw/isa/index.ts';
import { RAM_BASE, testMachine, type TestMachine, type TestMachineOptions } from './machine.ts';
import { Leaf, mapPage, rootRegister } from './page-tables.ts';

/** Where the guest's code is: guest physical, and physical. */
const GUEST_CODE = 0x1_0000;
const GUEST_MEMORY = RAM_BASE + 0x10_0000;
const STAGE2 = RAM_BASE + 0x20_0000;

const EVERYTHING = (1n << 54n) - 1n;
const OPEN = 0x1fn;
const GRANT = 0x2fn;

const exits = bitsOf(
  Cause.environmentCallFromVS,
  Cause.loadGuestPageFault,
  Cause.storeGuestPageFault,
  Cause.instructionGuestPageFault,
  Cause.virtualInstruction,
);

/** A machine whose hart is about to run guest code in VS, with an exit handler in HU at the beginning of RAM. */
export function guestMachine(
  handler: string,
  guest: string,
  options: TestMachineOptions = {},
): TestMachine & { readonly labels: ReadonlyMap<string, bigint> } {
  const machine = testMachine(options);
  const { hart } = machine;
  const { labels } = machine.load(handler);
  machine.load(guest, GUEST_MEMORY);
  for (let page = 0; page < 16; page++) {
    const offset = page * 4096;
    const place = [GUEST_CODE + offset, GUEST_MEMORY + offset] as const;
    mapPage(machine, { at: STAGE2, pages: 4 }, place, Leaf.user);
  }
  const write = hart.csrs.write.bind(hart.csrs);
  const [addresses, configurations] = [pmpaddrs, pmpcfgs];
  const last = BigInt(RAM_BASE + 0x40_0000) >> 2n;
  // Entry 1, a V range of guest memory and tables; entry 2, everything for the host.
  const values = [BigInt(GUEST_MEMORY) >> 2n, last, EVERYTHING];
  for (const [index, value] of values.entries()) {
    const register = addresses[index];
    if (register !== undefined) write(register, value);
  }
  const [configuration] = configurations;
  if (configuration !== undefined) write(configuration, (OPEN << 16n) | (GRANT << 8n));
  write(medeleg, ~0n);
  write(hedeleg, 0n);
  if (options.profile !== 'none') {
    write(sedeleg, exits);
    write(utvec, BigInt(RAM_BASE));
    if (hart.csrs.has(hVmid)) write(hVmid, 3n);
  }
  hart.csrs.setFields(hstatus, { hu: true });
  write(hgatp, rootRegister(STAGE2));
  hart.state.privilege = 1;
  hart.state.virtual = true;
  hart.state.pc = BigInt(GUEST_CODE);
  return { ...machine, labels };
}

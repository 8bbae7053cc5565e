import {
  hgatp,
  isVirtual,
  medeleg,
  type Mode,
  mstatus,
  mtinst,
  mtval,
  mtval2,
  mtvec,
  privilegeOf,
  satp,
  vsatp,
} from '../../../hw/isa/index.ts';
import {
  openProtection,
  RAM_BASE,
  type TestMachine,
  testMachine,
  type TestMachineOptions,
} from './machine.ts';
import { csrNamed } from './csr-bench.ts';
import { mapPage, rootRegister } from './page-tables.ts';

/** Physical pages: code, its trap handler, data, and the tables of S, of the guest, and of stage 2. */
const CODE = RAM_BASE;
const HANDLER = RAM_BASE + 0x1000;
const HOST_TABLES = RAM_BASE + 0x10_0000;
const GUEST_TABLES = RAM_BASE + 0x18_0000;
const STAGE2 = RAM_BASE + 0x20_0000;

/** Where the page of data is: physically, for the guest physically, and virtually. */
export const Data = { physical: RAM_BASE + 0x1_0000, guest: 0x1_6000, virtual: 0x1_5000 } as const;

/** Where code and the guest's tables are, virtually and guest physically. */
const VIRTUAL_CODE = 0x1_1000;
const GUEST_CODE = 0x1_2000;
const GUEST_ROOT = 0x8_0000;

/** Bits of a page-table entry. */
export const Bits = { r: 2n, w: 4n, x: 8n, u: 16n, a: 64n, d: 128n } as const;
const VALID = 1n;
const FULL = VALID | Bits.r | Bits.w | Bits.x | Bits.a | Bits.d;

/** What a test varies of a scene. */
export interface SceneOptions extends TestMachineOptions {
  readonly mode: Mode;
  /** Leaf bits of the page of data in stage 1 and in stage 2, beside V. */
  readonly stage1?: bigint;
  readonly stage2?: bigint;
  /** Leaf bits of the guest's tables in stage 2. */
  readonly tables?: bigint;
  readonly csrs?: Readonly<Record<string, bigint>>;
}

/** What the first trap reported. */
export interface Report {
  readonly cause: number;
  readonly tval: bigint;
  readonly tval2: bigint;
  readonly tinst: bigint;
  readonly gva: boolean;
}

/** A hart in some mode, with code and one page of data mapped through the stages that the mode has. All traps go to M. */
export class Scene {
  readonly machine: TestMachine;

  constructor(options: SceneOptions) {
    const { mode, tables = FULL } = options;
    const user = mode === 'U' || mode === 'VU' ? Bits.u : 0n;
    const { stage1 = FULL | user, stage2 = FULL | Bits.u } = options;
    const machine = testMachine({ profile: 'none', ...options });
    this.machine = machine;
    const { hart } = machine;
    openProtection(hart);
    const host = { at: HOST_TABLES, pages: 1 } as const;
    mapPage(machine, host, [VIRTUAL_CODE, CODE], FULL | user);
    mapPage(machine, host, [Data.virtual, Data.physical], VALID | stage1);
    const guest = { at: GUEST_TABLES, pages: 1, named: GUEST_ROOT } as const;
    mapPage(machine, guest, [VIRTUAL_CODE, GUEST_CODE], FULL | user);
    mapPage(machine, guest, [Data.virtual, Data.guest], VALID | stage1);
    const second = { at: STAGE2, pages: 4 } as const;
    mapPage(machine, second, [GUEST_CODE, CODE], FULL | Bits.u);
    mapPage(machine, second, [Data.guest, Data.physical], VALID | stage2);
    for (let page = 0; page < 3; page++) {
      const offset = page * 4096;
      const place = [GUEST_ROOT + offset, GUEST_TABLES + offset] as const;
      mapPage(machine, second, place, VALID | tables | Bits.u);
    }
    hart.csrs.write(mtvec, BigInt(HANDLER));
    hart.csrs.write(medeleg, 0n);
    if (mode === 'HS' || mode === 'U') hart.csrs.write(satp, rootRegister(HOST_TABLES));
    hart.csrs.write(vsatp, rootRegister(GUEST_ROOT));
    hart.csrs.write(hgatp, rootRegister(STAGE2));
    for (const [name, value] of Object.entries(options.csrs ?? {})) {
      hart.csrs.write(csrNamed(name), value);
    }
    hart.state.privilege = privilegeOf(mode);
    hart.state.virtual = isVirtual(mode);
    hart.state.pc = BigInt(mode === 'M' ? CODE : VIRTUAL_CODE);
    hart.state.x[10] = BigInt(mode === 'M' ? Data.physical : Data.virtual);
  }

  /** Value of a CSR by name. */
  read(name: string): bigint {
    return this.machine.hart.csrs.read(csrNamed(name));
  }

  /** Executes code in which `a0` is the address of the data; what its first trap reported, if there was one. */
  run(text: string, handler = '1: j 1b'): Report | undefined {
    const { machine } = this;
    const { hart } = machine;
    machine.load(handler, HANDLER);
    machine.load(`${text}\n1: j 1b`, CODE);
    let report: Report | undefined;
    hart.onTrap = ({ cause }) => {
      report ??= {
        cause,
        tval: hart.csrs.read(mtval),
        tval2: hart.csrs.read(mtval2),
        tinst: hart.csrs.read(mtinst),
        gva: hart.csrs.field(mstatus, 'gva') !== 0n,
      };
    };
    machine.run(500);
    return report;
  }

  /** The doubleword at an offset in the page of data. */
  data(offset: number): bigint {
    return this.machine.bus.read(Data.physical + offset, 8) ?? -1n;
  }

  /** Physical address of the leaf entry of the page of data: of stage 1 (the host's or the guest's), or of stage 2. */
  entry(stage: 'host' | 'guest' | 'stage2'): number {
    const root = { host: HOST_TABLES, guest: GUEST_TABLES, stage2: STAGE2 }[stage];
    const address = stage === 'stage2' ? Data.guest : Data.virtual;
    const last = root + (stage === 'stage2' ? 5 : 2) * 4096;
    return last + (Math.floor(address / 4096) % 512) * 8;
  }

  /** Low bits of that entry. */
  leaf(stage: 'host' | 'guest' | 'stage2'): bigint {
    return (this.machine.bus.read(this.entry(stage), 8) ?? 0n) & 0xffn;
  }

  /** Limits what protection grants of a naturally aligned range; all else stays open. */
  protect(base: number, bytes: number, permissions: bigint): void {
    const { csrs } = this.machine.hart;
    const address = BigInt(base + bytes / 2 - 1) >> 2n;
    csrs.write(csrNamed('pmpaddr1'), ~0n);
    csrs.write(csrNamed('pmpaddr0'), bytes === 4 ? BigInt(base) >> 2n : address);
    csrs.write(csrNamed('pmpcfg0'), (0x1fn << 8n) | ((bytes === 4 ? 2n : 3n) << 3n) | permissions);
  }
}

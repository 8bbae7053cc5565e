import type fc from 'fast-check';
import {
  type Csr,
  csrs as allCsrs,
  fcsr,
  mepc,
  mie,
  mstatus,
  Privilege,
  registerNumber,
} from '../../hw/isa/index.ts';
import { RAM_BASE, type TestMachine } from '../hw/hart/machine.ts';
import type { Environment } from '../harness/random-program/environment.ts';
import { CODE_PAGE, DATA, DEVICE } from '../harness/random-program/layout.ts';
import { type RandomProgram, randomProgram } from '../harness/random-program/program.ts';
import { startMachine } from '../harness/random-program/start.ts';
import { elfFile } from '../platforms/elf-file.ts';

/** Where the code lies that sets all registers and jumps to the program; none of the program's tables map it. */
const LOADER = RAM_BASE + 0x30_0000;
const IMAGE_BYTES = 0x30_0000;
/** Where neither simulator has anything. */
const NOWHERE = 0x30_0000;

/** CSRs that simulators may choose the contents of, that count time, or that the loader's own return writes. */
const chosen =
  /\b(m?cycle|m?instret|time|m?hpm\w+\d+|mhpmevent\d+|mcountinhibit|v?stimecmp|misa|m[ie]deleg|m(vendor|arch|imp)id|mconfigptr|t(select|data\d|info|control)|[hm]?context|[ms]context|dcsr|dpc|dscratch\d)\b/g;

/** A program that both simulators must execute alike, as ELF file; and a machine that holds the same. */
export interface SharedProgram {
  readonly program: RandomProgram;
  readonly machine: TestMachine;
  readonly elf: Uint8Array;
  /** Instructions of the loader. */
  readonly loaderLength: number;
  /** Spike's name of the extensions. */
  readonly isa: string;
}

function adapt(program: RandomProgram): RandomProgram {
  const { environment, text } = program;
  const alike: Environment = { ...environment, profile: 'none', hartCount: 1, pulses: [] };
  return {
    ...program,
    environment: alike,
    text: text
      .replace(chosen, 'sscratch')
      .replace(/(csrr \w+), mip/g, '$1, sscratch')
      // Spike keeps what is no cause.
      .replace(/(csrr[wsc]i? \w+), v?scause/g, '$1, sscratch')
      .replaceAll(`li s6, ${String(DEVICE)}`, `li s6, ${String(NOWHERE)}`)
      .replaceAll(`li s7, ${String(CODE_PAGE + 0x1000)}`, `li s7, ${String(DATA + 0x1000)}`),
  };
}

/** Programs without DV-Ext, devices, other harts, interrupts from outside, and code that changes. */
export const sharedPrograms: fc.Arbitrary<RandomProgram> = randomProgram({ rewriting: false }).map(
  adapt,
);

function isaOf({ float, compressed, misaligned }: Environment): string {
  const letters = `rv64ima${float ? 'fd' : ''}${compressed ? 'c' : ''}h`;
  const named = ['zicsr', 'zifencei', 'zicntr', 'zba', 'zbb', 'zbs', 'zicbom', 'zicboz', 'zicbop'];
  const all = [
    ...named,
    'zihpm',
    'sstc',
    'svinval',
    ...(misaligned === 'hardware' ? ['zicclsm'] : []),
  ];
  return [letters, ...all].join('_');
}

/** Protection configurations come behind the addresses, since they may lock them; the rest in the order of the table. */
function inLoadOrder(list: readonly Csr[]): readonly Csr[] {
  const isConfiguration = ({ name }: Csr): boolean => name.startsWith('pmpcfg');
  return [...list.filter((csr) => !isConfiguration(csr)), ...list.filter(isConfiguration)];
}

function loaderText({ hart }: TestMachine): string {
  const { state, csrs } = hart;
  const settable = allCsrs.filter(
    (csr) =>
      csrs.has(csr) &&
      ((csr.address >> 10) & 3) !== 3 &&
      csr.name.match(chosen) === null &&
      csr !== mstatus &&
      csr !== mepc &&
      csrs.read(csr) !== 0n,
  );
  const lines: string[] = [];
  const set = (name: string, value: bigint): void => {
    lines.push(`li t0, ${String(BigInt.asIntN(64, value))}`, `csrw ${name}, t0`);
  };
  const previous = BigInt(state.privilege) << 11n;
  const isGuest = state.virtual ? 1n << 39n : 0n;
  const others = (3n << 11n) | (1n << 39n);
  set(
    'mstatus',
    (csrs.read(mstatus) & ~others) | previous | (state.privilege === Privilege.M ? 0n : isGuest),
  );
  for (const csr of inLoadOrder(settable)) set(csr.name, csrs.read(csr));
  set('mepc', state.pc);
  if (csrs.has(fcsr)) {
    for (let number = 0; number < 32; number += 1) {
      lines.push(
        `li t0, ${String(BigInt.asIntN(64, state.f[number] ?? 0n))}`,
        `fmv.d.x f${String(number)}, t0`,
      );
    }
  }
  for (let number = 1; number < 32; number += 1) {
    lines.push(`li x${String(number)}, ${String(BigInt.asIntN(64, state.x[number] ?? 0n))}`);
  }
  return [...lines, 'mret'].join('\n');
}

/** Makes the ELF file of a program: its memory, and a loader that leaves the registers as the program expects them. */
export function shared(program: RandomProgram): SharedProgram {
  const machine = startMachine(program, 'oracle');
  const { hart, memory } = machine;
  // Spike's timer has expired when it starts.
  hart.csrs.write(mie, hart.csrs.stored(mie) & ~(1n << 7n));
  hart.state.x[registerNumber('s6') ?? 0] = BigInt(NOWHERE);
  hart.state.x[registerNumber('s7') ?? 0] = BigInt(DATA + 0x1000);
  const text = loaderText(machine);
  hart.reset(BigInt(LOADER));
  const { bytes } = machine.load(text, LOADER);
  const { offset } = memory.window;
  const image = memory.machine.bytes.slice(offset, offset + IMAGE_BYTES);
  const elf = elfFile({
    entry: LOADER,
    segments: [
      { address: RAM_BASE, bytes: image },
      { address: LOADER, bytes },
    ],
    flags: program.environment.compressed ? 1 : 0,
  });
  return { program, machine, elf, loaderLength: bytes.length / 4, isa: isaOf(program.environment) };
}

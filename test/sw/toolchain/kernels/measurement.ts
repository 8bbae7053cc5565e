import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../../sw/toolchain/image/project-root.ts';
import { compileForBoth } from '../compilation.ts';
import { FlatMachine } from '../flat-machine.ts';

const compiler = '/usr/bin/riscv64-unknown-elf-gcc';
const folder = 'test/sw/toolchain/kernels/source';
const instructionLimit = 2e6;

/** Names of the kernels; functions of these names are in both sources. */
export const kernels = ['blockCopy', 'stage2', 'exits', 'listSort', 'matrix', 'scanner'] as const;

/** Name of a kernel. */
export type Kernel = (typeof kernels)[number];

/** One kernel's run. */
export interface KernelRun {
  readonly name: Kernel;
  readonly checksum: bigint;
  readonly instructionCount: number;
}

/** True if the compiler to compare with is installed. */
export function hasReferenceCompiler(): boolean {
  return existsSync(compiler);
}

function run(
  machine: FlatMachine,
  symbols: ReadonlyMap<string, bigint>,
  stackTop: bigint,
): KernelRun[] {
  return kernels.map((name) => {
    const address = symbols.get(name);
    if (address === undefined) throw new Error(`kernel ${name} is missing`);
    const { value, instructionCount } = machine.call(address, [], stackTop, instructionLimit);
    return { name, checksum: value, instructionCount };
  });
}

/** Runs the kernels as this project's compiler translates them. */
export function runOwn(): KernelRun[] {
  const { image, machine, functions } = compileForBoth([`${folder}/kernels.ts`]);
  const symbols = new Map(functions.map(({ name, address }) => [name, address]));
  return run(machine, symbols, image.symbols.get('stack_top') ?? 0n);
}

/** Runs the kernels in C as `gcc -O2` translates them. */
export function runReference(optimisation = '-O2'): KernelRun[] {
  const scratch = mkdtempSync(join(tmpdir(), 'kernels-'));
  try {
    const output = join(scratch, 'kernels.elf');
    execFileSync(compiler, [
      ...[optimisation, '-march=rv64ima_zicsr', '-mabi=lp64', '-mcmodel=medany'],
      ...['-ffreestanding', '-fno-builtin', '-nostdlib', '-static', '-w'],
      ...[
        '-mno-relax',
        '-Wl,-Ttext=0x10000',
        '-Wl,--no-warn-rwx-segments',
        '-Wl,-e0x10000',
        '-o',
        output,
      ],
      join(projectRoot(), folder, 'kernels.c'),
    ]);
    const elf = readFileSync(output);
    const machine = new FlatMachine();
    machine.loadElf(elf);
    return run(machine, symbolsOf(elf), 0x30_0000n);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Symbols of an ELF64 file by name. */
function symbolsOf(elf: Uint8Array): ReadonlyMap<string, bigint> {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const sections = Number(view.getBigUint64(40, true));
  const header = (index: number) => sections + index * 64;
  const symbols = new Map<string, bigint>();
  for (let index = 0; index < view.getUint16(60, true); index += 1) {
    const at = header(index);
    if (view.getUint32(at + 4, true) !== 2) continue;
    const names = Number(view.getBigUint64(header(view.getUint32(at + 40, true)) + 24, true));
    const start = Number(view.getBigUint64(at + 24, true));
    const size = Number(view.getBigUint64(at + 32, true));
    for (let entry = start; entry < start + size; entry += 24) {
      const from = names + view.getUint32(entry, true);
      const name = new TextDecoder().decode(elf.subarray(from, elf.indexOf(0, from)));
      symbols.set(name, view.getBigUint64(entry + 8, true));
    }
  }
  return symbols;
}

import type { ArchiveFile } from '../images/cpio.ts';
import { readElf } from '../images/elf.ts';
import type { Platform } from '../platform.ts';
import { readProgram, type Booted, type NamedFile } from './boot-bare.ts';
import { bootFirmware } from './boot-firmware.ts';
import { markProbes } from './probes.ts';
import { checkInstructions } from './program-check.ts';

/** The programs of a software stack, and the guests that it runs. */
export interface Stack {
  readonly firmware: NamedFile;
  readonly host: NamedFile;
  readonly hypervisor: NamedFile;
  readonly guests: readonly Guest[];
  /** A process of the host that may end others, and the words of its command line. */
  readonly operator?: { readonly program: NamedFile; readonly words: readonly string[] };
}

/** One virtual machine. */
export interface Guest {
  readonly kernel: NamedFile;
  readonly vcpus: number;
  /** Bytes. */
  readonly memory: number;
  /** More words of the hypervisor's command line, such as `--append TEXT`. */
  readonly options?: readonly string[] | undefined;
  /** Whether it starts only when another process has ended; at most one does. */
  readonly isSpare?: boolean;
}

/** Makes a machine that boots firmware and host kernel, whose first processes are hypervisors, one per guest. */
export function bootStack(platform: Platform, stack: Stack): Booted {
  const { firmware, host, hypervisor, guests } = stack;
  const files = fileSystemOf(stack);
  const booted = bootFirmware(platform, { firmware, kernel: host, files });
  const program = readElf(hypervisor.name, hypervisor.bytes);
  markProbes(booted.machine, program.symbols);
  booted.names.add(['U', 'HU'], program);
  const kernels = guests.map(({ kernel }) => readProgram(kernel, 0));
  for (const kernel of kernels) checkInstructions(platform, kernel);
  // All guests run in the same modes, so only the first one's addresses can have names.
  const [first] = kernels;
  if (first !== undefined) booted.names.add(['VS', 'VU'], first);
  return booted;
}

const hypervisorPath = 'bin/duvisor';
const operatorPath = 'bin/operator';

function fileSystemOf({ hypervisor, guests, operator }: Stack): ArchiveFile[] {
  const kernels = guests.map(({ kernel }, index) => ({
    path: `guest/${String(index)}`,
    contents: kernel.bytes,
  }));
  const lines = guests.map(({ vcpus, memory, options = [], isSpare = false }, index) => {
    const shape = ['--vcpus', String(vcpus), '--memory', String(memory), ...options].join(' ');
    return `${isSpare ? '+' : ''}/${hypervisorPath} --kernel /guest/${String(index)} ${shape}\n`;
  });
  const programs = [{ path: hypervisorPath, contents: hypervisor.bytes, isExecutable: true }];
  if (operator !== undefined) {
    lines.push(`!/${[operatorPath, ...operator.words].join(' ')}\n`);
    programs.push({ path: operatorPath, contents: operator.program.bytes, isExecutable: true });
  }
  return [
    { path: 'etc/init', contents: new TextEncoder().encode(lines.join('')) },
    ...programs,
    ...kernels,
  ];
}

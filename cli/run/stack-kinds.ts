import {
  bootFirmware,
  bootStack,
  DvlabError,
  type Booted,
  type NamedFile,
  type Platform,
} from '../../platforms/index.ts';
import { suggestName } from '../../platforms/source/nearest-name.ts';
import type { ImageFolder } from '../build/image-catalog.ts';
import { shapeOf } from './guest-shape.ts';
import type { StackOptions } from './run-options.ts';

/** The images of a run in the order of the stack's folders, the guest last. */
export type Files = readonly NamedFile[];

/** One way to put software below a guest. */
export interface StackKind {
  readonly summary: string;
  readonly folders: readonly ImageFolder[];
  /** Whether the guest runs in a virtual machine. */
  readonly hasVirtualMachine: boolean;
  /** Whether it cannot do without DV-Ext. */
  readonly needsDvExt: boolean;
  /** Whether its guest has memory that nobody grants, which a PMC would keep from it. */
  readonly refusesPmc: boolean;
  boot(platform: Platform, files: Files, options: StackOptions): Booted;
}

const inKernel = {
  folders: ['sw/firmware', 'sw/host', 'sw/kvm-vmm'],
  hasVirtualMachine: true,
  refusesPmc: true,
} as const;

/** The stacks by the name that `--stack` takes. */
export const stacks: Readonly<Record<string, StackKind>> = {
  duvisor: {
    summary: 'firmware, host kernel and DuVisor; the guest runs in a virtual machine',
    folders: ['sw/firmware', 'sw/host', 'sw/duvisor'],
    hasVirtualMachine: true,
    needsDvExt: true,
    refusesPmc: false,
    boot: virtualMachine(),
  },
  kvm: {
    summary:
      'firmware, host kernel with a hypervisor in it, and a process for the devices of the guest',
    ...inKernel,
    needsDvExt: false,
    boot: virtualMachine(),
  },
  'kvm-opt': {
    summary: 'kvm, whose interrupts are posted by DV-Ext',
    ...inKernel,
    needsDvExt: true,
    boot: virtualMachine('--exitless'),
  },
  'kvm-dvext': {
    summary: 'kvm, which also switches the registers of DV-Ext at each exit',
    ...inKernel,
    needsDvExt: true,
    boot: virtualMachine('--dv-state'),
  },
  deprivileged: {
    summary: 'a hypervisor at user level, to which a small part of the kernel forwards every exit',
    ...inKernel,
    needsDvExt: false,
    boot: virtualMachine('--forward'),
  },
  firmware: {
    summary: 'firmware only; the guest runs on the machine itself, in supervisor mode',
    folders: ['sw/firmware'],
    hasVirtualMachine: false,
    needsDvExt: false,
    refusesPmc: false,
    boot: (platform, files) => {
      const [firmware, kernel] = exactly(files, 2);
      return bootFirmware(platform, { firmware, kernel });
    },
  },
};

/** A hypervisor and its guest, with words of the hypervisor's command line that make the stack. */
function virtualMachine(...words: readonly string[]): StackKind['boot'] {
  return (platform, files, options) => {
    const [firmware, host, hypervisor, kernel] = exactly(files, 4);
    const guests = [{ kernel, ...shapeOf(options), options: [...words, ...moreWords(options)] }];
    return bootStack(platform, { firmware, host, hypervisor, guests });
  };
}

/** The stack of a name that `--stack` was given. */
export function stackOf(name: string): StackKind {
  const kind = Object.hasOwn(stacks, name) ? stacks[name] : undefined;
  if (kind !== undefined) return kind;
  const message = `unknown stack '${name}': ${suggestName(name, Object.keys(stacks))}`;
  throw new DvlabError([{ code: 'E-USE-002', message, help: 'dvlab run --help' }]);
}

/** The stack of a name, on a platform that it can run on. */
export function stackOn(platform: Platform, name: string): StackKind {
  const kind = stackOf(name);
  const { rules } = platform.harts.dvExt;
  const path = ['harts', 'dvExt', 'profile'];
  if (kind.needsDvExt && rules === undefined) {
    throw new DvlabError([
      {
        code: 'E-USE-003',
        message: `the stack '${name}' needs DV-Ext, and ${platform.name} has none`,
        origin: platform.originOf(path),
        label: 'expected another profile than none',
      },
    ]);
  }
  if (kind.refusesPmc && rules !== undefined && rules['pmc.kind'] !== 'none') {
    throw new DvlabError([
      {
        code: 'E-USE-003',
        message: `the stack '${name}' needs harts without PMC: that of ${platform.name} refuses its guest`,
        origin: platform.originOf(path),
        label: kind.needsDvExt ? 'expected pmc: { kind: none }' : 'expected the profile none',
      },
    ]);
  }
  return kind;
}

/** What the hypervisor's command line says beyond the shape of the machine. */
function moreWords({ append, devices, megapages = false }: StackOptions): string[] {
  return [
    ...(append === undefined ? [] : ['--append', append]),
    ...(devices === undefined ? [] : ['--devices', devices]),
    ...(megapages ? ['--megapages'] : []),
  ];
}

function exactly(files: Files, count: 2): [NamedFile, NamedFile];
function exactly(files: Files, count: 4): [NamedFile, NamedFile, NamedFile, NamedFile];
function exactly(files: Files, count: number): NamedFile[] {
  if (files.length !== count)
    throw new Error(`a stack of ${String(count)} images got ${String(files.length)}`);
  return [...files];
}

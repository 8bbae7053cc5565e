import type { DvRules, KnobName } from '../../hw/dv-ext/index.ts';
import {
  bootFirmware,
  bootStack,
  DvlabError,
  type Booted,
  type NamedFile,
  type Platform,
} from '../../platforms/index.ts';
import type { Diagnostic } from '../../platforms/source/diagnostic.ts';
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
  /** What the harts' DV-Ext must be like, if they have it. */
  readonly rules: Partial<DvRules>;
  boot(platform: Platform, files: Files, options: StackOptions): Booted;
}

const inKernel = {
  folders: ['sw/firmware', 'sw/host', 'sw/kvm-vmm'],
  hasVirtualMachine: true,
} as const;
/** A PMC would keep from the guest what nobody grants it. */
const withoutPmc = { 'pmc.kind': 'none' } as const;
/** The registers that an exit handler gives its guests a time and a timer with. */
const exitRegisters = {
  guestTime: 'delta',
  'vtimer.registers': 'csr',
  'vtimer.arming': 'level',
} as const;

/** The stacks by the name that `--stack` takes. */
export const stacks: Readonly<Record<string, StackKind>> = {
  duvisor: {
    summary: 'firmware, host kernel and DuVisor; the guest runs in a virtual machine',
    folders: ['sw/firmware', 'sw/host', 'sw/duvisor'],
    hasVirtualMachine: true,
    needsDvExt: true,
    rules: { 'pmc.kind': 'ranges', ...exitRegisters },
    boot: virtualMachine(),
  },
  'duvisor-published': {
    summary: 'duvisor with the steps of the published one that it does without otherwise',
    folders: ['sw/firmware', 'sw/host', 'sw/published/duvisor-published'],
    hasVirtualMachine: true,
    needsDvExt: true,
    rules: { 'pmc.kind': 'ranges', ...exitRegisters },
    boot: virtualMachine(),
  },
  kvm: {
    summary:
      'firmware, host kernel with a hypervisor in it, and a process for the devices of the guest',
    ...inKernel,
    needsDvExt: false,
    rules: withoutPmc,
    boot: virtualMachine(),
  },
  'kvm-opt': {
    summary: 'kvm, whose interrupts are posted by DV-Ext',
    ...inKernel,
    needsDvExt: true,
    rules: { ...withoutPmc, 'posting.interface': 'vitr' },
    boot: virtualMachine('--exitless'),
  },
  'kvm-dvext': {
    summary: 'kvm, which also switches the registers of DV-Ext at each exit',
    ...inKernel,
    needsDvExt: true,
    rules: { ...withoutPmc, ...exitRegisters },
    boot: virtualMachine('--dv-state'),
  },
  deprivileged: {
    summary: 'a hypervisor at user level, to which a small part of the kernel forwards every exit',
    ...inKernel,
    needsDvExt: false,
    rules: withoutPmc,
    boot: virtualMachine('--forward'),
  },
  firmware: {
    summary: 'firmware only; the guest runs on the machine itself, in supervisor mode',
    folders: ['sw/firmware'],
    hasVirtualMachine: false,
    needsDvExt: false,
    rules: {},
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
  const dvExt = ['harts', 'dvExt'];
  if (kind.needsDvExt && rules === undefined) {
    throw unfit(`the stack '${name}' needs DV-Ext, and ${platform.name} has none`, {
      origin: platform.originOf([...dvExt, 'profile']),
      label: 'expected another profile than none',
    });
  }
  for (const [knob, wanted] of Object.entries(kind.rules)) {
    const found = rules?.[knob as KnobName];
    if (found === undefined || found === wanted) continue;
    const path = [...dvExt, ...knob.split('.')];
    const message = `the stack '${name}' needs ${knob}: ${wanted}, and harts of ${platform.name} have ${knob}: ${String(found)}`;
    throw unfit(message, {
      origin: platform.originOf(path) ?? platform.originOf([...dvExt, 'profile']),
      label: `expected ${knob}: ${wanted}`,
      help: 'dvlab describe dv-ext',
    });
  }
  return kind;
}

function unfit(message: string, more: Pick<Diagnostic, 'origin' | 'label' | 'help'>): DvlabError {
  return new DvlabError([{ code: 'E-USE-003', message, ...more }]);
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

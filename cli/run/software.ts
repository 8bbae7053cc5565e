import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import {
  bootFirmware,
  bootStack,
  DvlabError,
  type Booted,
  type NamedFile,
  type Platform,
} from '../../platforms/index.ts';
import { suggestName } from '../../platforms/source/nearest-name.ts';
import { buildImages } from '../build/build-images.ts';
import { guestFolder, guestNames, type ImageFolder } from '../build/image-catalog.ts';
import type { Output } from '../output.ts';
import { readFile } from '../read-file.ts';
import type { Images } from './run-folder.ts';
import { checkKernel, checkShape, shapeOf } from './guest-shape.ts';
import type { StackOptions } from './run-options.ts';

/** The images of a run in the order of the stack's folders, the guest last. */
type Files = readonly NamedFile[];

/** One way to put software below a guest. */
interface StackKind {
  readonly summary: string;
  readonly folders: readonly ImageFolder[];
  /** Whether the guest runs in a virtual machine. */
  readonly hasVirtualMachine: boolean;
  /** Whether it takes DV-Ext, or harts without it, whose memory no PMC keeps from guests. */
  readonly dvExt: 'needed' | 'refused' | 'indifferent';
  boot(platform: Platform, files: Files, options: StackOptions): Booted;
}

/** The stacks by the name that `--stack` takes. */
export const stacks: Readonly<Record<string, StackKind>> = {
  duvisor: {
    summary: 'firmware, host kernel and DuVisor; the guest runs in a virtual machine',
    folders: ['sw/firmware', 'sw/host', 'sw/duvisor'],
    hasVirtualMachine: true,
    dvExt: 'needed',
    boot: bootVirtualMachine,
  },
  kvm: {
    summary:
      'firmware, host kernel with a hypervisor in it, and a process for the devices of the guest',
    folders: ['sw/firmware', 'sw/host', 'sw/kvm-vmm'],
    hasVirtualMachine: true,
    dvExt: 'refused',
    boot: bootVirtualMachine,
  },
  firmware: {
    summary: 'firmware only; the guest runs on the machine itself, in supervisor mode',
    folders: ['sw/firmware'],
    hasVirtualMachine: false,
    dvExt: 'indifferent',
    boot: (platform, files) => {
      const [firmware, kernel] = exactly(files, 2);
      return bootFirmware(platform, { firmware, kernel });
    },
  },
};

function bootVirtualMachine(platform: Platform, files: Files, options: StackOptions): Booted {
  const [firmware, host, hypervisor, kernel] = exactly(files, 4);
  const guests = [{ kernel, ...shapeOf(options), options: moreWords(options) }];
  return bootStack(platform, { firmware, host, hypervisor, guests });
}

/** Builds the images of a stack; `boot` makes a machine that boots them, as often as it is called. */
export async function bootSoftware(
  platform: Platform,
  options: StackOptions,
  output: Output,
): Promise<{ readonly boot: (platform: Platform) => Booted; readonly images: Images }> {
  const { stack, guest } = options;
  const kind = stackKind(stack, platform);
  if (kind.hasVirtualMachine) checkShape(platform, shapeOf(options));
  const isOwn = guestNames().includes(guest);
  if (!isOwn && !existsSync(guest)) throw unknownGuest(guest);
  const foreign = isOwn ? undefined : readFile(guest);
  if (foreign !== undefined && kind.hasVirtualMachine) checkKernel(foreign, shapeOf(options));
  const folders = isOwn ? [...kind.folders, guestFolder(guest)] : kind.folders;
  const built = await buildImages(folders, output);
  const files = foreign === undefined ? built : [...built, foreign];
  const images = Object.fromEntries(files.map((file) => [file.name, file]));
  return { boot: (each) => kind.boot(each, files, options), images };
}

/** The stack of a name that `--stack` was given. */
export function stackOf(name: string): StackKind {
  const kind = Object.hasOwn(stacks, name) ? stacks[name] : undefined;
  if (kind !== undefined) return kind;
  const message = `unknown stack '${name}': ${suggestName(name, Object.keys(stacks))}`;
  throw new DvlabError([{ code: 'E-USE-002', message, help: 'dvlab run --help' }]);
}

function stackKind(name: string, platform: Platform): StackKind {
  const kind = stackOf(name);
  const hasDvExt = platform.harts.dvExt.profile !== 'none';
  if (kind.dvExt === 'indifferent' || hasDvExt === (kind.dvExt === 'needed')) return kind;
  throw new DvlabError([
    {
      code: 'E-USE-003',
      message: hasDvExt
        ? `the stack '${name}' needs harts without DV-Ext: the PMC of ${platform.name} refuses its guest`
        : `the stack '${name}' needs DV-Ext, and ${platform.name} has none`,
      origin: platform.originOf(['harts', 'dvExt', 'profile']),
      label: hasDvExt ? 'expected the profile none' : 'expected another profile than none',
    },
  ]);
}

/** What the hypervisor's command line says beyond the shape of the machine. */
function moreWords({ append, devices, megapages = false }: StackOptions): string[] {
  return [
    ...(append === undefined ? [] : ['--append', append]),
    ...(devices === undefined ? [] : ['--devices', devices]),
    ...(megapages ? ['--megapages'] : []),
  ];
}

function unknownGuest(guest: string): DvlabError {
  const suggestion = suggestName(guest, guestNames());
  const message = `no guest '${basename(guest)}', and no file of that name: ${suggestion}`;
  return new DvlabError([{ code: 'E-IMG-001', message, help: 'dvlab run --help' }]);
}

function exactly(files: Files, count: 2): [NamedFile, NamedFile];
function exactly(files: Files, count: 4): [NamedFile, NamedFile, NamedFile, NamedFile];
function exactly(files: Files, count: number): NamedFile[] {
  if (files.length !== count)
    throw new Error(`a stack of ${String(count)} images got ${String(files.length)}`);
  return [...files];
}

import { buildImages } from '../../cli/build/build-images.ts';
import { guestFolder, type ImageFolder } from '../../cli/build/image-catalog.ts';
import { reportEnd } from '../../cli/run/report-end.ts';
import { assemble } from '../../hw/isa/index.ts';
import { mainMemory } from '../../platforms/boot/boot-rom.ts';
import {
  bootFirmware,
  bootStack,
  loadPlatform,
  run,
  typeIn,
  type Booted,
  type Machine,
  type NamedFile,
  type RunEnd,
} from '../../platforms/index.ts';
import { inProject } from '../harness/project-root.ts';

/** One virtual machine of a test: a guest of ours by name, or a kernel's bytes. */
export interface GuestRequest {
  readonly guest: string | Uint8Array;
  readonly vcpus?: number;
  /** Bytes. */
  readonly memory?: number;
  readonly options?: readonly string[];
  /** Whether it starts only when another process has ended. */
  readonly isSpare?: boolean;
}

/** What a test looks at when the machine has stopped. */
export interface Ended {
  readonly machine: Machine;
  readonly console: string;
  readonly end: RunEnd;
  /** What the user is told of the end. */
  readonly report: string;
}

/** How a test differs from the usual machine. */
export interface RunOptions {
  readonly platform?: string;
  readonly hypervisor?: ImageFolder;
  readonly set?: readonly string[];
  readonly cycles?: number;
  /** What is typed at the machine's console. */
  readonly input?: string;
  /** The command line of `sw/operator`, a process beside the hypervisors; none runs if absent. */
  readonly operator?: readonly string[];
}

/** Where a raw image is put in its guest's memory. */
const kernelBase = 0x8020_0000;
const megapage = 0x20_0000;
const memoryBytes = 16 * 1024 * 1024;
const defaultCycles = 10_000_000;
const silent = { result: () => undefined, remark: () => undefined, isTerminal: false };

const platformOf = ({ platform = 'duvisor-2hart', set = [] }: RunOptions) =>
  loadPlatform(inProject('platforms', `${platform}.yaml`), { set });

/** Boots firmware, host kernel and one hypervisor per guest, and runs until the machine ends. */
export async function runGuests(
  requests: readonly GuestRequest[],
  options: RunOptions = {},
): Promise<Ended> {
  const hypervisorFolder = options.hypervisor ?? 'sw/duvisor';
  const own = await imagesOf(['sw/firmware', 'sw/host', hypervisorFolder]);
  const guests = await Promise.all(
    requests.map(async (request) => {
      const { guest, vcpus = 1, memory = memoryBytes, options: words, isSpare = false } = request;
      return { kernel: await kernelOf(guest), vcpus, memory, options: words, isSpare };
    }),
  );
  const [firmware, host, hypervisor] = own;
  if (!firmware || !host || !hypervisor) throw new Error('an image is missing');
  const [program] = options.operator === undefined ? [] : await imagesOf(['sw/operator']);
  const operator = program && { program, words: options.operator ?? [] };
  const stack = { firmware, host, hypervisor, guests, ...(operator && { operator }) };
  return finish(bootStack(platformOf(options), stack), options);
}

/** Boots firmware and a guest without any hypervisor, in supervisor mode on the bare machine. */
export async function runOnBareMachine(
  guest: string,
  bootArguments = '',
  options: RunOptions = {},
): Promise<Ended> {
  const given = bootArguments === '' ? [] : [`bootArguments=${bootArguments}`];
  const set = [...(options.set ?? []), ...given];
  const [firmware, kernel] = await imagesOf(['sw/firmware', guestFolder(guest)]);
  if (!firmware || !kernel) throw new Error('an image is missing');
  return finish(bootFirmware(platformOf({ ...options, set }), { firmware, kernel }), options);
}

/** What a supervisor program left in its memory when it ran as a guest. */
export interface EndedProgram extends Ended {
  /** The doubleword `index` doublewords behind a label of the program. */
  readonly result: (label: string, index?: number) => bigint;
}

/** Boots the whole stack with a guest in assembly, a raw image, and finds its memory afterwards. */
export async function runProgramAsGuest(
  program: string,
  request: Omit<GuestRequest, 'guest'> = {},
  options: RunOptions = {},
): Promise<EndedProgram> {
  const { bytes, labels } = assemble(program, { base: kernelBase });
  const ended = await runGuests([{ guest: bytes, ...request }], options);
  const at = placeOf(ended.machine, bytes);
  const result = (label: string, index = 0): bigint => {
    const address = labels.get(label);
    if (address === undefined) throw new Error(`no label '${label}'`);
    return ended.machine.bus.read(at + Number(address) - kernelBase + 8 * index, 8) ?? 0n;
  };
  return { ...ended, result };
}

/** Guest memory is granted at a multiple of 2 MiB, so the image lies at one too, and no other copy of it does. */
function placeOf(machine: Machine, bytes: Uint8Array): number {
  const ram = mainMemory(machine.platform);
  const head = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  for (let at = ram.at; at < ram.at + ram.size; at += megapage) {
    if (machine.bus.read(at, 8) === head) return at;
  }
  throw new Error('the guest is nowhere in memory');
}

/** The lines of a console that start with a word: `result:` or `measure:`. */
export function linesOf(console: string, word: string): string[] {
  return console
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(`${word}: `));
}

/** Whether the machine ended by itself and reported success. */
export function hasPassed({ end }: Ended): boolean {
  return end.kind === 'verdict' && end.verdict.kind === 'passed';
}

async function kernelOf(guest: string | Uint8Array): Promise<NamedFile> {
  if (typeof guest !== 'string') return { name: 'kernel', bytes: guest };
  const [kernel] = await imagesOf([guestFolder(guest)]);
  if (!kernel) throw new Error(`no guest ${guest}`);
  return kernel;
}

const imagesOf = (folders: readonly ImageFolder[]): Promise<NamedFile[]> =>
  buildImages(folders, silent);

function finish(booted: Booted, { cycles = defaultCycles, input = '' }: RunOptions): Ended {
  const { machine } = booted;
  typeIn(machine, new TextEncoder().encode(input));
  const bytes: number[] = [];
  machine.console$.subscribe(({ byte }) => bytes.push(byte));
  const steps = run(machine, { cycles });
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      const end = step.value;
      const report = reportEnd(end, { booted, engines: undefined }).text;
      return { machine, console: String.fromCharCode(...bytes), end, report };
    }
  }
}

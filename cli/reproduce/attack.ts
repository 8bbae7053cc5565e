import {
  bootStack,
  describeHart,
  loadPlatform,
  readElf,
  run,
  type Booted,
  type NamedFile,
} from '../../platforms/index.ts';
import { buildImages } from '../build/build-images.ts';
import type { ImageFolder } from '../build/image-catalog.ts';
import { platformPath } from '../bundled.ts';
import type { Output } from '../output.ts';
import { ConsoleLines } from './console-lines.ts';
import { HostCanary, type Symbols } from './host-canary.ts';

/** A stack whose hypervisor has the planted bugs. */
export type AttackedStack = 'kvm' | 'deprivileged' | 'duvisor';

interface AttackedSoftware {
  readonly folders: readonly ImageFolder[];
  /** Words of the hypervisor's command line that make the stack. */
  readonly words: readonly string[];
  readonly set: readonly string[];
}

const plainHarts = ['harts.dvExt.profile=none'] as const;

const stacks: Readonly<Record<AttackedStack, AttackedSoftware>> = {
  kvm: {
    folders: ['sw/firmware', 'sw/planted-bugs/host-with-bugs', 'sw/kvm-vmm'],
    words: [],
    set: plainHarts,
  },
  deprivileged: {
    folders: ['sw/firmware', 'sw/planted-bugs/host-with-bugs', 'sw/planted-bugs/kvm-vmm-with-bugs'],
    words: ['--forward'],
    set: plainHarts,
  },
  duvisor: {
    folders: ['sw/firmware', 'sw/host', 'sw/planted-bugs/duvisor-with-bugs'],
    words: [],
    set: [],
  },
};

/** The stacks that are attacked. */
export const attackedStacks = Object.keys(stacks) as readonly AttackedStack[];

/** What was seen of an attack; nothing of it is concluded. */
export interface Observation {
  /** When the attacker's first line came: how long this machine takes from reset to a virtual machine that runs. */
  readonly bootedAt: number;
  /** The panic of the host kernel, as it reported it. */
  readonly panic: string | undefined;
  /** How the attacker's process ended, and when; nothing while it has not. */
  readonly victimStatus: number | undefined;
  readonly victimEndedAt: number | undefined;
  /** Whether the attacker came through. */
  readonly hasSurvived: boolean;
  /** Whether the virtual machine beside it came to its end with the right results. */
  readonly isNeighbourSound: boolean;
  /** When a virtual machine that was started afterwards said its first line. */
  readonly nextVmAt: number | undefined;
  /** When the host's operator ended the attacker's process, whose time was over; nothing where it had ended before. */
  readonly killedAt: number | undefined;
  /** Whether the process went on in spite of that. */
  readonly hasOutlivedKill: boolean;
  /** The parts of the host kernel that are not what they were (`HostCanary`). */
  readonly hostDamage: readonly string[];
  /** Where the harts were at the end, and when that was. */
  readonly harts: readonly string[];
  readonly endedAt: number;
}

const mebibyte = 0x10_0000;
/** The first process of the machine, and how many milliseconds the operator lets it run. */
const operatorWords = ['1', '30'] as const;
/** Long enough to outlive the attacker. */
const neighbourSize = '10';
/** What the attacker says before it arms a bug. */
const attackerBegins = /^attacker: bug/;
const budgetCycles = 20_000_000;
/** After all that was waited for has been seen, so that a host that is damaged can show it. */
const graceCycles = 500_000;

/** Lets a guest run into a bug, with a virtual machine beside it and another one that starts when a process has ended. */
export async function attack(
  stack: AttackedStack,
  bug: number,
  { platform: given, set }: { readonly platform: string; readonly set: readonly string[] },
  output: Output,
): Promise<Observation> {
  const { folders, words, set: own } = stacks[stack];
  const platform = loadPlatform(platformPath(given), { set: [...set, ...own] });
  const guests: readonly ImageFolder[] = [
    'sw/guest/attacker',
    'sw/guest/applications',
    'sw/guest/hello',
  ];
  const images = await buildImages([...folders, ...guests, 'sw/operator'], output);
  const [firmware, host, hypervisor, attacker, neighbour, next, program] = images as [
    ...(readonly [NamedFile, NamedFile, NamedFile, NamedFile, NamedFile, NamedFile, NamedFile]),
  ];
  const shape = { vcpus: 1, memory: 8 * mebibyte };
  const booted = bootStack(platform, {
    ...{ firmware, host, hypervisor },
    guests: [
      { kernel: attacker, ...shape, options: [...words, '--append', String(bug)] },
      { kernel: neighbour, ...shape, options: [...words, '--append', neighbourSize] },
      { kernel: next, ...shape, options: words, isSpare: true },
    ],
    operator: { program, words: operatorWords },
  });
  return observe(booted, readElf(host.name, host.bytes).symbols);
}

function observe(booted: Booted, hostSymbols: Symbols): Observation {
  const { machine } = booted;
  const canary = new HostCanary(machine, hostSymbols);
  const lines = new ConsoleLines(machine, (text) => {
    if (text.startsWith('attacker: bug')) canary.take();
  });
  let limit = budgetCycles;
  while (limit > machine.cycle) {
    const end = run(machine, { cycles: limit });
    let step = end.next();
    while (step.done !== true && !isSettled(lines)) step = end.next();
    if (step.done === true) break;
    limit = Math.min(limit, machine.cycle + graceCycles);
    let rest = end.next();
    while (rest.done !== true && machine.cycle < limit) rest = end.next();
    break;
  }
  const victim = lines.find(/^host: process 1 .* ended with status (\d+)/);
  return {
    bootedAt: lines.find(attackerBegins)?.cycle ?? NaN,
    panic: lines.find(/host: panic: (.*)/)?.match[1],
    victimStatus: victim === undefined ? undefined : Number(victim.match[1]),
    victimEndedAt: victim?.cycle,
    hasSurvived: lines.find(/attacker: nothing has stopped it/) !== undefined,
    isNeighbourSound: isNeighbourDone(lines) && lines.find(/WRONG/) === undefined,
    nextVmAt: lines.find(/Hello from the guest/)?.cycle,
    killedAt: lines.find(/^operator: process 1 has had its time/)?.cycle,
    hasOutlivedKill: lines.find(/^operator: process 1 does not end/) !== undefined,
    hostDamage: canary.damage(),
    harts: machine.harts.map(({ status }) => describeHart(status, booted.names)[0] ?? ''),
    endedAt: machine.cycle,
  };
}

function isNeighbourDone(lines: ConsoleLines): boolean {
  return lines.find(/applications: end/) !== undefined;
}

/** Whether everything that can still be good has come. */
function isSettled(lines: ConsoleLines): boolean {
  return isNeighbourDone(lines) && lines.find(/Hello from the guest/) !== undefined;
}

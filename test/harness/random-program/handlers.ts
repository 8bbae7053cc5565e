import { Cause } from '../../../hw/isa/index.ts';

/** Exceptions of fetches: nothing to skip, the program says where it goes on. */
const FETCH_CAUSES = [
  Cause.instructionAddressMisaligned,
  Cause.instructionAccessFault,
  Cause.instructionPageFault,
  Cause.instructionGuestPageFault,
].reduce<number>((bits, cause) => bits | (1 << cause), 0);

const VIRTUAL = 1n << 39n;
const PREVIOUS = 3n << 11n;

/** The modes that a program may ask for, as `mstatus.MPP` and `mstatus.MPV`. */
export const modeBits = {
  M: PREVIOUS,
  S: 1n << 11n,
  U: 0n,
  VS: (1n << 11n) | VIRTUAL,
  VU: VIRTUAL,
} as const;

/** One of the modes that programs run in. */
export type ProgramMode = keyof typeof modeBits;

/** Reads the halfword at `t5` as the mode that was interrupted would, whether or not it may read there. */
const readAs = {
  // MPRV and MXR.
  M: ['li t6, 0xa0000', 'csrs mstatus, t6', 'lhu t5, 0(t5)', 'csrc mstatus, t6'],
  HS: [
    'csrr t6, hstatus',
    'andi t6, t6, 0x80',
    'beqz t6, host',
    'hlvx.hu t5, (t5)',
    'j known',
    // SUM and MXR.
    'host: li t6, 0xc0000',
    'csrs sstatus, t6',
    'lhu t5, 0(t5)',
    'csrc sstatus, t6',
    'known:',
  ],
  VS: ['li t6, 0xc0000', 'csrs sstatus, t6', 'lhu t5, 0(t5)', 'csrc sstatus, t6'],
} as const;

/** How a handler ends the interrupts of timers. */
const timersOf: Readonly<Record<'M' | 'HS' | 'VS', readonly string[]>> = {
  M: ['stimecmp', 'vstimecmp'],
  HS: ['stimecmp', 'vstimecmp'],
  VS: ['stimecmp'],
};

/** A handler that goes on after the instruction that trapped, or at `s11` if it could not be fetched; on harts with Sstc or without. */
export function handler(
  level: 'M' | 'HS' | 'VS',
  { hops, hasTimers }: { readonly hops: readonly ProgramMode[]; readonly hasTimers: boolean },
): string {
  const prefix = level === 'M' ? 'm' : 's';
  const next = [`${prefix}ret`];
  return [
    `csrr t6, ${prefix}cause`,
    'bltz t6, interrupt',
    `li t5, ${String(FETCH_CAUSES)}`,
    'srl t5, t5, t6',
    'andi t5, t5, 1',
    'bnez t5, resume',
    ...(level === 'M' ? ['addi t5, t6, -8', 'sltiu t5, t5, 4', 'bnez t5, hop'] : []),
    `csrr t5, ${prefix}epc`,
    ...readAs[level],
    'andi t5, t5, 3',
    'sltiu t5, t5, 3',
    'slli t5, t5, 1',
    'addi t5, t5, -4',
    `csrr t6, ${prefix}epc`,
    'sub t6, t6, t5',
    `csrw ${prefix}epc, t6`,
    ...next,
    `resume: csrw ${prefix}epc, s11`,
    ...next,
    // Interrupts from lines end by themselves.
    `interrupt: csrci ${prefix}ip, ${level === 'M' ? '6' : '2'}`,
    ...(hasTimers ? ['li t6, -1', ...timersOf[level].map((csr) => `csrw ${csr}, t6`)] : []),
    ...next,
    ...(level === 'M' ? hop(hops) : []),
  ].join('\n');
}

function hop(hops: readonly ProgramMode[]): readonly string[] {
  return [
    'hop: andi t5, a7, 3',
    'slli t5, t5, 3',
    'la t6, hops',
    'add t6, t6, t5',
    'ld t6, 0(t6)',
    `li t5, ${String(PREVIOUS | VIRTUAL)}`,
    'csrc mstatus, t5',
    'csrs mstatus, t6',
    'csrr t5, mepc',
    'addi t5, t5, 4',
    'csrw mepc, t5',
    'mret',
    '.balign 8',
    'hops:',
    ...Array.from({ length: 4 }, (_, index) => {
      const mode = hops[index % hops.length] ?? 'M';
      return `.dword ${String(modeBits[mode])}`;
    }),
  ];
}

import { choice, count } from './knob.ts';
import type { Choice, Count, Knob } from './knob.ts';

/** Every axis of DV-Ext: its values, its default in each profile, and what it decides. */
export const knobs = {
  access: choice(
    'Who reaches the HU, HUVS and user CSRs: HU while hstatus.HU is set; as the QEMU fork, which lets guests reach the HUVS views; or every mode',
    ['enabled', 'predicates', 'open'],
    { paper: 'enabled', rtl: 'open', qemu: 'predicates' },
  ),
  exits: choice(
    'From where a delegated trap goes to HU: from a guest while hstatus.HU is set, from guests and from U, or from every mode below M',
    ['enabled-guest', 'guest-or-user', 'any'],
    { paper: 'enabled-guest', rtl: 'any', qemu: 'guest-or-user' },
  ),
  sedeleg: choice('Exceptions that sedeleg can hold', ['exits', 'exits-and-misaligned', 'any'], {
    paper: 'exits',
    rtl: 'exits-and-misaligned',
    qemu: 'any',
  }),
  medeleg: choice(
    'Exceptions that can leave M: all, or all but access faults, environment calls from HS and posting faults',
    ['all', 'without-access-faults'],
    { paper: 'all', rtl: 'without-access-faults' },
  ),
  hustatus: choice(
    'Bits of hustatus that are kept apart from hstatus: UIE, UPIE, SPV, SPVP and GVA; UIE, UPIE and SPV; or all, whose VTVM and VTSR then confine guests',
    ['split', 'spv', 'separate'],
    { paper: 'split', rtl: 'spv', qemu: 'separate' },
  ),
  views: choice(
    'Whether hucounteren, hutimedelta and hugatp are the H registers or words of their own that replace them in guests',
    ['shared', 'separate'],
    { paper: 'shared', qemu: 'separate' },
  ),
  exitValues: choice(
    'Whether hutval is a register of its own, so that a trap of the exit handler into HS cannot lose it, or htval',
    ['own', 'shared'],
    { paper: 'own', rtl: 'shared' },
  ),
  guestAddress: choice(
    'When a trap writes htval, hutval and mtval2: at every trap, or only for exceptions with bit 4 of the cause set',
    ['every-trap', 'bit-4-causes'],
    { paper: 'every-trap', rtl: 'bit-4-causes' },
  ),
  hutinst: choice(
    'Whether hutinst holds the instruction of the exit, reads zero, or does not exist',
    ['register', 'zero', 'absent'],
    {
      paper: 'register',
      rtl: 'absent',
      qemu: 'zero',
    },
  ),
  tinst: choice(
    'Whether an exit reports its transformed instruction; off, the hypervisor fetches it with HLVX',
    ['off', 'on'],
    { paper: 'off' },
  ),
  hugatp: choice('Who may write hugatp: only HS and M, or HU too', ['hs-only', 'hu'], {
    paper: 'hs-only',
    rtl: 'hu',
    qemu: 'hu',
  }),
  huretPrivilege: choice(
    'Where HURET goes with SPV=0: to U whatever SPVP says, or to the level that SPVP names',
    ['user', 'previous'],
    { paper: 'user', rtl: 'previous', qemu: 'previous' },
  ),
  huretSpvp: choice('Whether HURET clears hustatus.SPVP', ['kept', 'cleared'], {
    paper: 'kept',
    qemu: 'cleared',
  }),
  exitSpvp: choice(
    'Whether a trap to HU that does not come from a guest overwrites hustatus.SPVP',
    ['kept', 'overwritten'],
    { paper: 'kept', qemu: 'overwritten' },
  ),
  upie: choice(
    'What an exit saves in hustatus.UPIE: hustatus.UIE, or mstatus.UIE, which is always 0',
    ['hustatus', 'mstatus'],
    { paper: 'hustatus', rtl: 'mstatus' },
  ),
  interruptOrder: choice(
    'Which interrupt is taken first: those of M, HS, HU, VS in this order; of M, HS, VS, HU; or the lowest number not of VS, then VS',
    ['hu-before-vs', 'vs-before-hu', 'lowest-number'],
    { paper: 'hu-before-vs', rtl: 'vs-before-hu', qemu: 'lowest-number' },
  ),
  guestVector: choice(
    'Which number indexes a vectored vstvec: the one that vscause shows, or the one before translation',
    ['translated', 'untranslated'],
    { paper: 'translated', rtl: 'untranslated' },
  ),
  vectorAlignment: choice(
    'Alignment in bytes that the base of a vectored trap vector is forced to',
    [4, 256],
    { paper: 4, rtl: 256 },
  ),
  userInterrupts: choice(
    'User interrupts behind huie and huip: those that sideleg delegates; all; or, with an interrupt 16, all behind huie, huip and huvip, where huip takes what sideleg delegates',
    ['delegated', 'all', 'fork-masks'],
    { paper: 'delegated', rtl: 'all', qemu: 'fork-masks' },
  ),
  userViews: choice('Whether ustatus, uie and uip exist', ['present', 'absent'], {
    paper: 'absent',
    rtl: 'present',
  }),
  vseip: choice(
    'Whether VSEIP can be injected through hvip, and huvip unless the QEMU fork’s masks let it through',
    ['writable', 'read-only'],
    {
      paper: 'writable',
      rtl: 'read-only',
      qemu: 'read-only',
    },
  ),
  lines: choice(
    'Whether a set or clear of hip, huip or vsip stores the live lines that it read',
    ['live', 'sticky'],
    { paper: 'live', rtl: 'sticky' },
  ),
  vmid: choice('Whether h_vmid exists', ['register', 'absent'], {
    paper: 'register',
    rtl: 'absent',
    qemu: 'absent',
  }),
  vmidBits: count(
    'Implemented bits of h_vmid and of TLB tags; 0 makes a VM switch a flush',
    [0, 14],
    {
      paper: 14,
      rtl: 0,
      qemu: 0,
    },
  ),
  hufence: choice(
    'What HUFENCE.GVMA drops: translations of the address for the hart’s own VM, or every guest translation',
    ['precise', 'all'],
    { paper: 'precise', rtl: 'all', qemu: 'all' },
  ),
  guestTime: choice(
    'Whether htimedelta exists and a guest’s rdtime adds it, or every rdtime is an unguarded load of mtime',
    ['delta', 'raw'],
    { paper: 'delta', rtl: 'raw' },
  ),
  'vtimer.registers': choice(
    'Where the guest timer’s registers are: CSRs, or the interruptor, reached by the prototype’s instructions',
    ['csr', 'clint'],
    { paper: 'csr', rtl: 'clint' },
  ),
  'vtimer.expiry': choice(
    'What an expired guest timer raises: VSTIP, seen by the guest with no exit, or UTIP, an exit',
    ['direct', 'exit'],
    { paper: 'direct', rtl: 'exit', qemu: 'exit' },
  ),
  'vtimer.set': choice(
    'How a guest sets its timer: by an exit, or itself through stimecmp',
    ['exit', 'direct'],
    { paper: 'exit' },
  ),
  'vtimer.control': choice(
    'What vtimectl holds: an enable bit, or an enable bit and the number of the interrupt to raise',
    ['enable', 'enable-and-number'],
    { paper: 'enable', qemu: 'enable-and-number' },
  ),
  'vtimer.arming': choice(
    'When the guest timer raises its interrupt: as long as it is enabled and has expired, or once for each vtimecmp that is written while it is enabled, pending until software ends it',
    ['level', 'write'],
    { paper: 'level', qemu: 'write' },
  ),
  'posting.interface': choice(
    'How virtual interrupts are posted without exits: hu_vitr and the posted-interrupt unit; 256 bits of the interruptor, through the prototype’s instructions or the QEMU fork’s CSRs; or not at all',
    ['vitr', 'instructions', 'csrs', 'none'],
    { paper: 'vitr', rtl: 'instructions', qemu: 'csrs' },
  ),
  'posting.writers': choice(
    'Who posts through hu_vitr: the exit handler and the guest’s supervisor, or the exit handler only',
    ['hu-and-vs', 'hu'],
    { paper: 'hu-and-vs' },
  ),
  'posting.unknown': choice(
    'What a post to a vCPU or vector that does not exist is: a posting fault of the writer, or lost',
    ['fault', 'lost'],
    { paper: 'fault' },
  ),
  'pmc.kind': choice('Whether physical memory checking exists', ['ranges', 'none'], {
    paper: 'ranges',
    qemu: 'none',
  }),
  'pmc.guestAccess': choice(
    'Whether accesses of guests need an entry with V set; unchecked is for measuring what the check costs',
    ['checked', 'unchecked'],
    { paper: 'checked' },
  ),
  'pmc.entries': count('Protection entries', [1, 16], { paper: 16, rtl: 8 }),
  'pmc.granularity': choice('Smallest protected range in bytes', [4, 4096], { paper: 4096 }),
  'pmc.walker': choice(
    'Whether reads of page tables on behalf of a guest are checked',
    ['checked', 'unchecked'],
    { paper: 'checked', rtl: 'unchecked' },
  ),
  'pmc.hostAccess': choice(
    'Whether accesses of the host ignore entries with V set, or match them like any other',
    ['ignore', 'match'],
    { paper: 'ignore', rtl: 'match' },
  ),
  'pmc.scope': choice('Whom a range is granted to: one VM, or all of them', ['vm', 'global'], {
    paper: 'vm',
    rtl: 'global',
  }),
} as const satisfies Record<string, Knob>;

/** Name of a knob, as a platform file spells it with a dot for each level. */
export type KnobName = keyof typeof knobs;

type ValueOf<K> = K extends Choice<infer Value> ? Value : K extends Count ? number : never;

/** The setting of every knob. */
export type DvRules = { readonly [Name in KnobName]: ValueOf<(typeof knobs)[Name]> };

/** Names of all knobs, in the order in which they are described. */
export const knobNames = Object.keys(knobs) as readonly KnobName[];

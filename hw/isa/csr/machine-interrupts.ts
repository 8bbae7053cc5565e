import { bitsOf, Cause, Interrupt, VS_INTERRUPTS } from '../cause.ts';
import { bit, bits, defineCsr } from './csr.ts';
import type { CsrContext } from './csr.ts';
import type { CsrFeatures } from './features.ts';
import { hasExtension } from './features.ts';
import {
  handlerInterrupts,
  masked,
  withDv,
  withForkInterrupt,
  withHypervisor,
} from './legalize.ts';
import { menvcfg } from './machine.ts';

const ordinaryExceptions = bitsOf(
  Cause.instructionAddressMisaligned,
  Cause.illegalInstruction,
  Cause.breakpoint,
  Cause.loadAddressMisaligned,
  Cause.storeAddressMisaligned,
  Cause.environmentCallFromU,
  Cause.instructionPageFault,
  Cause.loadPageFault,
  Cause.storePageFault,
);
const accessFaults = bitsOf(
  Cause.instructionAccessFault,
  Cause.loadAccessFault,
  Cause.storeAccessFault,
);
const hypervisorExceptions = bitsOf(
  Cause.environmentCallFromVS,
  Cause.instructionGuestPageFault,
  Cause.loadGuestPageFault,
  Cause.virtualInstruction,
  Cause.storeGuestPageFault,
);

function delegableExceptions(features: CsrFeatures): bigint {
  const hypervisor = hasExtension(features, 'h') ? hypervisorExceptions : 0n;
  if (features.dv?.medeleg === 'without-access-faults') return ordinaryExceptions | hypervisor;
  const posting = features.dv === undefined ? 0n : bitsOf(Cause.postingFault);
  const fromHS = bitsOf(Cause.environmentCallFromHS);
  return ordinaryExceptions | accessFaults | fromHS | hypervisor | posting;
}

/** Exceptions that leave M for HS. */
export const medeleg = defineCsr({
  name: 'medeleg',
  address: 0x302,
  extension: 's',
  description: 'Machine exception delegation',
  spec: 'priv 3.1.8',
  fields: { exceptions: bits(63, 0, masked(delegableExceptions)) },
});

const supervisorInterrupts = bitsOf(Interrupt.ssip, Interrupt.stip, Interrupt.seip);

/** Interrupts that `mideleg` always delegates: those of VS level, and the guest external one where it exists. */
function hardwiredDelegation(features: CsrFeatures): bigint {
  if (!hasExtension(features, 'h')) return 0n;
  return VS_INTERRUPTS | (features.guestInterruptCount > 0 ? bitsOf(Interrupt.sgei) : 0n);
}

/** Interrupts that leave M for HS; those of VS level always do. */
export const mideleg = defineCsr({
  name: 'mideleg',
  address: 0x303,
  extension: 's',
  description: 'Machine interrupt delegation',
  spec: 'priv 3.1.8',
  reset: hardwiredDelegation,
  fields: {
    interrupts: bits(63, 0, (proposed, _current, { features }) => {
      const writable = supervisorInterrupts | handlerInterrupts(features.dv);
      return (proposed & writable) | hardwiredDelegation(features);
    }),
  },
  affects: ['interrupts'],
});

const withGuestInterrupts = masked(({ guestInterruptCount }) =>
  guestInterruptCount > 0 ? ~0n : 0n,
);

/** Interrupt enables of all levels. */
export const mie = defineCsr({
  name: 'mie',
  address: 0x304,
  extension: 'base',
  description: 'Machine interrupt enable',
  spec: 'priv 3.1.9',
  fields: {
    usie: bit(Interrupt.usip, withDv),
    ssie: bit(Interrupt.ssip, 'any'),
    vssie: bit(Interrupt.vssip, withHypervisor),
    msie: bit(Interrupt.msip, 'any'),
    utie: bit(Interrupt.utip, withDv),
    stie: bit(Interrupt.stip, 'any'),
    vstie: bit(Interrupt.vstip, withHypervisor),
    mtie: bit(Interrupt.mtip, 'any'),
    ueie: bit(Interrupt.ueip, withDv),
    seie: bit(Interrupt.seip, 'any'),
    vseie: bit(Interrupt.vseip, withHypervisor),
    meie: bit(Interrupt.meip, 'any'),
    sgeie: bit(Interrupt.sgei, withGuestInterrupts),
    uvtie: bit(Interrupt.uvtip, withForkInterrupt),
  },
  affects: ['interrupts'],
});

/** Whether `stimecmp` makes the timer interrupt of S (priv 3.1.18, STCE); it cannot be written then. */
function isTimerOfSupervisor({ read }: CsrContext): boolean {
  return (read(menvcfg) & menvcfg.fields.stce.mask) !== 0n;
}

/** Pending interrupts of all levels: stored bits joined with the lines. */
export const mip = defineCsr({
  name: 'mip',
  address: 0x344,
  extension: 'base',
  description: 'Machine interrupt pending',
  spec: 'priv 3.1.9',
  fields: {
    usip: bit(Interrupt.usip, withDv),
    ssip: bit(Interrupt.ssip, 'any'),
    vssip: bit(Interrupt.vssip, withHypervisor),
    msip: bit(Interrupt.msip, 'ignored'),
    utip: bit(Interrupt.utip, withDv),
    stip: bit(Interrupt.stip, (proposed, current, context) =>
      isTimerOfSupervisor(context) ? current : proposed,
    ),
    vstip: bit(Interrupt.vstip, 'ignored'),
    mtip: bit(Interrupt.mtip, 'ignored'),
    ueip: bit(Interrupt.ueip, withDv),
    seip: bit(Interrupt.seip, 'any'),
    vseip: bit(Interrupt.vseip, 'ignored'),
    meip: bit(Interrupt.meip, 'ignored'),
    sgeip: bit(Interrupt.sgei, 'ignored'),
    uvtip: bit(Interrupt.uvtip, withForkInterrupt),
  },
  live: 'pending',
  driven: {
    extension: 'sstc',
    bits: (context) => (isTimerOfSupervisor(context) ? bitsOf(Interrupt.stip) : 0n),
  },
  affects: ['interrupts'],
});

/** Delegation out of M, and the interrupts of all levels. */
export const machineInterruptCsrs = [medeleg, mideleg, mie, mip];

import type { DvRules } from '../dv-ext/index.ts';
import {
  hideleg,
  hustatus,
  Interrupt,
  isVirtual,
  mideleg,
  mie,
  mip,
  mstatus,
  sideleg,
  vsstatus,
} from '../isa/index.ts';
import type { Mode } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';
import { reachesHU } from './trap-routing.ts';

/** Interrupts of one destination in the order in which they are taken (priv 3.1.9, priv 18.2.3). */
const priority: readonly number[] = [
  Interrupt.meip,
  Interrupt.msip,
  Interrupt.mtip,
  Interrupt.seip,
  Interrupt.ssip,
  Interrupt.stip,
  Interrupt.sgei,
  Interrupt.vseip,
  Interrupt.vssip,
  Interrupt.vstip,
  Interrupt.ueip,
  Interrupt.usip,
  Interrupt.utip,
];

/** Pending and enabled interrupts by the mode they are destined for; those that cannot be taken now left out. */
interface Candidates {
  readonly m: bigint;
  readonly hs: bigint;
  readonly hu: bigint;
  readonly vs: bigint;
}

/** The interrupt that a hart takes before its next instruction; `undefined` when none may be taken. */
export function pendingInterrupt(
  csrs: CsrFile,
  mode: Mode,
  rules: DvRules | undefined,
): number | undefined {
  const pending = csrs.read(mip) & csrs.stored(mie);
  if (pending === 0n) return undefined;
  const { m, hs, hu, vs } = candidates(pending, csrs, mode, rules);
  if (rules?.interruptOrder === 'lowest-number') return lowest(m | hs | hu) ?? first(vs);
  const [third, last] = rules?.interruptOrder === 'vs-before-hu' ? [vs, hu] : [hu, vs];
  return first(m) ?? first(hs) ?? first(third) ?? first(last);
}

/** Whether a hart in WFI goes on: an enabled interrupt is pending, whoever it is for and masked or not (priv 3.3.3). */
export function wakesFromWfi(csrs: CsrFile): boolean {
  return (csrs.read(mip) & csrs.stored(mie)) !== 0n;
}

function candidates(
  pending: bigint,
  csrs: CsrFile,
  mode: Mode,
  rules: DvRules | undefined,
): Candidates {
  const toSupervisor = csrs.stored(mideleg);
  const toGuest = csrs.stored(hideleg);
  // Delegated to HU, an interrupt is never the kernel's: it waits until the guest runs.
  const toHandler = rules === undefined ? 0n : csrs.stored(sideleg);
  const delegated = pending & toSupervisor;
  const virtual = isVirtual(mode);
  return {
    m: when(mode !== 'M' || csrs.field(mstatus, 'mie') !== 0n, pending & ~toSupervisor),
    hs: when(takesHS(csrs, mode), delegated & ~toGuest & ~toHandler),
    hu: when(
      rules !== undefined && takesHU(csrs, mode, rules),
      delegated & toHandler & (virtual ? ~toGuest : -1n),
    ),
    vs: when(
      mode === 'VU' || (mode === 'VS' && csrs.field(vsstatus, 'sie') !== 0n),
      delegated & toGuest,
    ),
  };
}

function takesHS(csrs: CsrFile, mode: Mode): boolean {
  return mode !== 'M' && (mode !== 'HS' || csrs.field(mstatus, 'sie') !== 0n);
}

function takesHU(csrs: CsrFile, mode: Mode, rules: DvRules): boolean {
  if (mode === 'M' || mode === 'HS' || !reachesHU(mode, csrs, rules)) return false;
  return isVirtual(mode) || csrs.field(hustatus, 'uie') !== 0n;
}

function when(condition: boolean, interrupts: bigint): bigint {
  return condition ? interrupts : 0n;
}

function first(interrupts: bigint): number | undefined {
  if (interrupts === 0n) return undefined;
  return priority.find((number) => (interrupts & (1n << BigInt(number))) !== 0n);
}

function lowest(interrupts: bigint): number | undefined {
  return interrupts === 0n ? undefined : (interrupts & -interrupts).toString(2).length - 1;
}

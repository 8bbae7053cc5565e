import { causeName, interruptName, isVirtual } from '../../isa/index.ts';
import type { DerivedState } from '../derived-state.ts';
import type { ExitRecorder } from '../exits/exit-recorder.ts';
import type { Mmu } from '../mmu/index.ts';
import type { Observers } from '../observers.ts';
import type { Progress } from '../progress.ts';
import type { TrapEntry, TrapReturn } from '../trap-unit.ts';

/** Who keeps books of traps. */
export interface TransitionBooksPorts {
  readonly derived: DerivedState;
  readonly mmu: Mmu;
  readonly exits: ExitRecorder;
  readonly progress: Progress;
  readonly observers: Pick<Observers, 'onTrap' | 'follower'>;
}

/** When something began and when it was over, in cycles of the hart. */
export interface Span {
  readonly before: number;
  readonly after: number;
}

/** Tells everybody who keeps books of traps and returns of them, whoever carried them out. */
export class TransitionBooks {
  readonly #ports: TransitionBooksPorts;
  /** Filled in anew for each exit. */
  readonly #start = {
    ...{ handler: '', cause: '', vmid: 0 },
    ...{ before: 0, after: 0, pcHigh: 0, pcLow: 0 },
  };

  constructor(ports: TransitionBooksPorts) {
    this.#ports = ports;
  }

  /** A trap was taken at an address in unsigned halves; no trap changes which virtual machine the hart works for. */
  trapped(entry: TrapEntry, pcHigh: number, pcLow: number, { before, after }: Span): void {
    const { exits, progress, observers, mmu } = this.#ports;
    const { from, to, cause, isInterrupt } = entry;
    if (isVirtual(from) && to !== 'VS') {
      const name = isInterrupt ? interruptName(cause) : causeName(cause);
      const start = this.#start;
      start.handler = to;
      start.cause = name;
      start.vmid = mmu.regimes.guest.vmid;
      start.before = before;
      start.after = after;
      start.pcHigh = pcHigh;
      start.pcLow = pcLow;
      exits.left(start);
    } else if (isInterrupt) exits.interrupted(before);
    progress.trapped(entry, pcHigh, pcLow, before);
    const { onTrap, follower } = observers;
    if (onTrap === undefined && follower === undefined) return;
    const { lastTrap } = progress;
    if (lastTrap === undefined) return;
    onTrap?.(lastTrap);
    follower?.traps(lastTrap);
  }

  /** A trap return was carried out. */
  returned({ from, to }: TrapReturn, { before, after }: Span): void {
    const { exits, mmu, derived } = this.#ports;
    const { vmid } = mmu.regimes.guest;
    if (!isVirtual(to)) exits.continued(vmid, derived.labelOf(to), after);
    else if (!isVirtual(from)) exits.entered({ vmid, before, after });
  }
}

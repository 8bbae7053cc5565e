import type { HartState } from '../engine/index.ts';
import type { Decoded } from '../isa/index.ts';
import type { BusPort } from '../kernel/index.ts';
import { alwaysHitting, Core, dividerOperands, type TimingParameters } from '../timing/index.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { MemoryAccess } from './memory-access.ts';

/** What the driver is wired to. */
export interface CoreDriverPorts {
  readonly state: HartState;
  readonly account: CycleAccount;
  readonly bus: BusPort;
  readonly timing: TimingParameters;
  readonly memory: Pick<MemoryAccess, 'peekCode'>;
  readonly decode: (word: number) => Decoded | undefined;
}

const HIGH = 2 ** 32;
/** Virtual addresses of the core have 40 bits, the highest a sign. */
const HIGH_BITS = 0xff;
const SIGN = 0x80;
const SIGN_EXTENSION = 0xffff_ff00;

function addressOf(high: number, low: number): number {
  return (high & HIGH_BITS) * HIGH + low;
}

/** Tells the model of the core, stage by stage, what a hart executes, and the hart how long it took. */
export class CoreDriver {
  /** The instruction in hand has gone through the pipeline already. */
  hasCommitted = false;
  readonly #ports: CoreDriverPorts;
  readonly #core: Core;
  #low = 0;
  #physical = 0;
  #hasAccess = false;

  constructor(ports: CoreDriverPorts) {
    const { account, memory, decode, timing } = ports;
    this.#ports = ports;
    this.#core = new Core({
      parameters: timing,
      decode,
      read: (pc) => {
        const high = Math.floor(pc / HIGH);
        const extended = (high & SIGN) === 0 ? high : (high | SIGN_EXTENSION) >>> 0;
        return memory.peekCode(extended, pc % HIGH);
      },
      isFetchable: () => true,
      data: alwaysHitting(timing),
      charge: (mechanism, cycles) => {
        account.charge(mechanism, cycles);
      },
      onInstructionFence: () => undefined,
    });
  }

  /** Power-on. */
  reset(): void {
    this.#core.reset();
    this.hasCommitted = false;
  }

  /** The instruction that executes next has made no access yet. */
  begin(): void {
    this.hasCommitted = false;
    this.#hasAccess = false;
  }

  /** An access was made. */
  accessed(low: number, physical: number): void {
    this.#low = low;
    this.#physical = physical;
    this.#hasAccess = true;
  }

  /** Operands of a division or square root, as they were before it. */
  dividerOperands({ instruction, frs1, frs2 }: Decoded) {
    const { f } = this.#ports.state;
    const { timing } = instruction;
    if (!timing.startsWith('floatDivide') && !timing.startsWith('floatSquareRoot'))
      return undefined;
    const [first = 0n, second = 0n] = [f[frs1], f[frs2]];
    return dividerOperands(
      timing.endsWith('Double'),
      timing.startsWith('floatSquareRoot'),
      first,
      second,
    );
  }

  /** Lets an instruction commit. */
  commit(executed: {
    readonly pcHigh: number;
    readonly pcLow: number;
    readonly nextHigh: number;
    readonly nextLow: number;
    readonly isTaken: boolean;
    /** A store-conditional that did not store. */
    readonly fails: boolean;
    readonly first: bigint;
    readonly second: bigint;
    readonly divider: ReturnType<CoreDriver['dividerOperands']>;
  }): void {
    const { pcHigh, pcLow, nextHigh, nextLow, isTaken, first, second, divider } = executed;
    const { bus, state } = this.#ports;
    const access = this.#hasAccess
      ? {
          virtual: this.#low,
          physical: this.#physical,
          latencyClass: bus.latencyOf(this.#physical),
          fails: executed.fails,
        }
      : undefined;
    const pc = addressOf(pcHigh, pcLow);
    const nextPc = addressOf(nextHigh, nextLow);
    this.#core.commit(
      { pc, nextPc, isTaken, access, first, second, divider, traps: false },
      state.cycle,
    );
    this.hasCommitted = true;
  }

  /** The instruction at the program counter takes a trap, or an interrupt comes in its place. */
  trap(isInterrupt: boolean): void {
    const { state } = this.#ports;
    const { pcHigh, pcLow, cycle } = state;
    if (!isInterrupt && !this.hasCommitted) {
      const pc = addressOf(pcHigh, pcLow);
      this.#core.commit(
        {
          pc,
          nextPc: pc,
          isTaken: false,
          access: undefined,
          first: 0n,
          second: 0n,
          divider: undefined,
          traps: true,
        },
        cycle,
      );
    }
    this.#core.redirectToTrap();
  }
}

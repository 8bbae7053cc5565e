import { type Facts, hartFacts } from '../../../hw/hart/index.ts';
import type { Booted } from '../../boot/boot-bare.ts';
import type { Machine } from '../../machine.ts';
import { type RunLimits, sliceEnd } from '../run.ts';

const DOUBLEWORD = 8;

/** One of two machines that must do the same, with what it has printed and said. */
export class Side {
  readonly booted: Booted;
  readonly machine: Machine;
  readonly #limits: RunLimits;
  #printed = 0;
  #checksum = 0;
  #verdict = 'none';
  #isOver = false;

  /** Takes a machine that has not run yet. */
  constructor(booted: Booted, limits: RunLimits) {
    this.booted = booted;
    this.machine = booted.machine;
    this.#limits = limits;
    if (limits.instructions !== undefined) this.machine.limitInstructions(limits.instructions);
    this.machine.console$.subscribe(({ byte }) => {
      this.#printed += 1;
      this.#checksum = (Math.imul(this.#checksum, 31) + byte) | 0;
    });
    this.machine.verdict$.subscribe((verdict) => {
      this.#verdict = JSON.stringify(verdict);
    });
  }

  /** Runs a slice as `run` does. */
  runSlice(): void {
    this.runTo(sliceEnd(this.machine, this.#limits));
  }

  /** Runs up to a cycle, unless the run has ended. */
  runTo(cycle: number): void {
    if (!this.#isOver) this.#isOver = this.machine.runTo(cycle).kind === 'stopped';
  }

  /** Everything that both machines must have in common, and of memory some doublewords by their physical addresses. */
  facts(watched: readonly number[]): Facts {
    const { harts } = this.machine;
    return new Map([
      ...harts.flatMap((hart) => [...hartFacts(hart)]),
      ['console', `${String(this.#printed)} bytes, checksum ${String(this.#checksum)}`],
      ['verdict', this.#verdict],
      ...watched.map((address) => this.#doubleword(address)),
    ]);
  }

  #doubleword(address: number): [string, string] {
    const memory = this.machine.memories.find((each) => each.holds(address, DOUBLEWORD));
    const bytes = memory?.copy(address, DOUBLEWORD) ?? new Uint8Array(DOUBLEWORD);
    const value = new DataView(bytes.buffer).getBigUint64(0, true);
    return [`memory at 0x${address.toString(16)}`, `0x${value.toString(16)}`];
  }
}

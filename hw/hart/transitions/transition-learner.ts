import type { DvRules } from '../../dv-ext/index.ts';
import {
  hartStateOffsets,
  type HartState,
  modeContext,
  MOST_GUARDS,
  MOST_MOVES,
  RECORD_WAYS,
  type ReturnInstruction,
  runWords,
  RunWord,
  transitionGuard,
  transitionLayout,
  transitionMove,
  transitionRecord,
  type TrapTransfer,
  trapTransfers,
} from '../../engine/index.ts';
import {
  type Guard as ModeGuard,
  type Mode,
  modeNumber,
  modeOf,
  modes,
  mstatus,
} from '../../isa/index.ts';
import { mechanismNumber, type Timed, type TimingParameters } from '../../timing/index.ts';
import type { CsrFile } from '../csr-file.ts';
import { EVERY_BIT, type FieldPort } from '../csr-port.ts';
import { pcPort } from '../trap-level.ts';
import { type TrapEntry, type TrapReturn, TrapUnit } from '../trap-unit.ts';
import { WiredGuard } from '../wired-guard.ts';
import { MoveTrace } from './move-trace.ts';
import { TracedRegisterPort, TracedWires } from './traced-wires.ts';

/** What is learned from. */
export interface TransitionLearnerPorts {
  readonly state: HartState;
  readonly csrs: CsrFile;
  readonly rules: DvRules | undefined;
  readonly buffer: ArrayBuffer;
  /** Where the hart's memory begins, and in it that for transitions: a multiple of 8. */
  readonly memoryOffset: number;
  readonly offset: number;
  readonly timing: TimingParameters;
  /** Whether ECALL counts as retired. */
  readonly environmentCallsRetire: boolean;
}

/** A trap or a return from one as the trap unit reports it. */
export type Transition =
  | { readonly entry: TrapEntry; readonly returned: undefined }
  | { readonly entry: undefined; readonly returned: TrapReturn };

const LEAF_BYTES = Float64Array.BYTES_PER_ELEMENT;
const DOUBLEWORD = BigUint64Array.BYTES_PER_ELEMENT;
const WORD = Uint32Array.BYTES_PER_ELEMENT;
const ISSUE = mechanismNumber.issue;
const TRAP_ENTRY = mechanismNumber['trap-entry'];

/**
 * Writes the records by which generated code traps and returns: it lets a trap unit of its own carry out an instruction, over
 * ports that tell what it looks at and what it changes. So nobody but the trap unit knows what a trap means.
 */
export class TransitionLearner {
  /** Carries out what is to be learned. */
  readonly trapUnit: TrapUnit;
  readonly #ports: TransitionLearnerPorts;
  readonly #trace: MoveTrace;
  readonly #wires: TracedWires;
  readonly #mprv: FieldPort;
  readonly #run: Uint32Array;
  readonly #words: Uint32Array;
  readonly #doublewords: BigUint64Array;
  readonly #guards = new WeakMap<ModeGuard, WiredGuard>();
  /** By mode and instruction: the record that is overwritten next. */
  readonly #nextWays = new Uint8Array(modes.length * trapTransfers.length);
  readonly #transitions: (Transition | undefined)[] = [];
  #mode: Mode = 'M';

  constructor(ports: TransitionLearnerPorts) {
    const { state, csrs, rules, buffer, memoryOffset } = ports;
    const trace = new MoveTrace(buffer);
    const wires = new TracedWires(csrs, trace);
    const pc = new TracedRegisterPort(pcPort(state).place, trace);
    this.#ports = ports;
    this.#trace = trace;
    this.#wires = wires;
    this.#mprv = wires.fieldPort(mstatus, 'mprv');
    this.trapUnit = new TrapUnit({ state, csrs: wires, rules, pc });
    this.#run = runWords(buffer, memoryOffset);
    this.#words = new Uint32Array(buffer);
    this.#doublewords = new BigUint64Array(buffer);
  }

  /** Whether generated code has asked for a record and found none. */
  get isAsked(): boolean {
    return this.#run[RunWord.missed] !== 0;
  }

  /** The hart is about to carry out an instruction by `trapUnit`, which a guard allows. */
  begin(guard: ModeGuard): void {
    const { privilege, virtual } = this.#ports.state;
    this.#run[RunWord.missed] = 0;
    this.#mode = modeOf(privilege, virtual);
    this.#trace.clear();
    this.#wired(guard).outcome(this.#mode);
    // Without it accesses are made as fetches are, in the address space of the mode.
    this.#trace.read(this.#mprv.place);
  }

  /** It has, and comes to a trap. */
  trapped(entry: TrapEntry): void {
    const { timing, environmentCallsRetire } = this.#ports;
    this.#write(
      'ecall',
      { entry, returned: undefined },
      {
        ...{ extra: timing.trapEntry, leaf: TRAP_ENTRY },
        ...{ issues: 0, retires: environmentCallsRetire ? 1 : 0 },
      },
    );
  }

  /** It has, and has returned from a trap in the usual time of the instruction. */
  returned(instruction: ReturnInstruction, returned: TrapReturn, timed: Timed): void {
    const { fixedExtra: extra, fixedLeaf: leaf } = timed;
    this.#write(
      instruction,
      { entry: undefined, returned },
      { extra, leaf, issues: 1, retires: 0 },
    );
  }

  /** What the record of a number is about. */
  transition(number: number): Transition | undefined {
    return this.#transitions[number];
  }

  #wired(guard: ModeGuard): WiredGuard {
    let wired = this.#guards.get(guard);
    if (wired === undefined) {
      wired = new WiredGuard(guard, this.#wires);
      this.#guards.set(guard, wired);
    }
    return wired;
  }

  #write(
    transfer: TrapTransfer,
    transition: Transition,
    cost: Readonly<Record<'extra' | 'leaf' | 'issues' | 'retires', number>>,
  ): void {
    const { state, offset } = this.#ports;
    this.#traceMode();
    const { guards, moves } = this.#trace;
    const isPlain =
      (this.#doublewords[this.#mprv.place.address / DOUBLEWORD] ?? 0n) & this.#mprv.place.mask;
    if (isPlain !== 0n || guards.length > MOST_GUARDS || moves.length > MOST_MOVES) return;
    const kind = modeNumber(this.#mode) * trapTransfers.length + trapTransfers.indexOf(transfer);
    const way = this.#nextWays[kind] ?? 0;
    this.#nextWays[kind] = (way + 1) % RECORD_WAYS;
    const number = kind * RECORD_WAYS + way;
    const record = offset + transitionLayout.records + number * transitionRecord.bytes;
    const to = modeNumber(modeOf(state.privilege, state.virtual));
    const context = offset + transitionLayout.contexts + to * modeContext.bytes;
    for (const [place, value] of [
      [transitionRecord.guardCount, guards.length],
      [transitionRecord.moveCount, moves.length],
      [transitionRecord.context, context],
      [transitionRecord.extra, cost.extra],
      [transitionRecord.leaf, cost.leaf * LEAF_BYTES],
      [transitionRecord.issues, cost.issues],
      [transitionRecord.retires, cost.retires],
      [transitionRecord.number, number],
      [transitionRecord.issueLeaf, ISSUE * LEAF_BYTES],
    ] as const) {
      this.#words[(record + place) / WORD] = value;
    }
    for (const [index, guard] of guards.entries()) {
      const place = record + transitionRecord.guards + index * transitionGuard.bytes;
      this.#words[(place + transitionGuard.address) / WORD] = guard.address;
      this.#doublewords[(place + transitionGuard.mask) / DOUBLEWORD] = guard.mask;
      this.#doublewords[(place + transitionGuard.value) / DOUBLEWORD] = guard.value;
    }
    for (const [index, move] of moves.entries()) {
      const place = record + transitionRecord.moves + index * transitionMove.bytes;
      this.#words[(place + transitionMove.to) / WORD] = move.to;
      this.#words[(place + transitionMove.from) / WORD] = move.from;
      this.#doublewords[(place + transitionMove.kept) / DOUBLEWORD] = move.kept;
      this.#doublewords[(place + transitionMove.set) / DOUBLEWORD] = move.set;
      this.#doublewords[(place + transitionMove.taken) / DOUBLEWORD] = move.taken;
      this.#doublewords[(place + transitionMove.rotation) / DOUBLEWORD] = BigInt(move.rotation);
    }
    this.#transitions[number] = transition;
  }

  /** Notes the change of the mode, which is no CSR. */
  #traceMode(): void {
    const { state } = this.#ports;
    const { buffer, byteOffset } = state.x;
    const address = byteOffset - hartStateOffsets.x + hartStateOffsets.privilege;
    const value = this.#doublewords[address / DOUBLEWORD] ?? 0n;
    const place = { buffer, address, mask: EVERY_BIT, settable: EVERY_BIT, kept: 0n };
    this.#trace.put(place, value);
  }
}

import { type Decoded, PAGE_BYTES } from '../../isa/index.ts';
import { hartStateOffsets } from '../hart-state.ts';
import { LEAF_BYTES } from './book-code.ts';
import { directNumber } from './direct-csr.ts';
import type { EngineTiming } from './engine-timing.ts';
import { entryForm } from './entry-form.ts';
import { type OperationTable, transferVariant } from './operations.ts';
import { packed, Special } from './packed-entry.ts';
import { isOpen } from './plain-instruction.ts';
import { MOST_STALLS, trailOf } from './trail.ts';
import { trapTransfers } from './transition/trap-transfer.ts';

/** What the entries of instructions depend on. */
export interface EntryWriterSettings {
  readonly buffer: ArrayBuffer;
  /** Where in the buffer the stalls are kept that entries number: `STALL_TABLE_BYTES`, at a multiple of 4. */
  readonly stallTable: number;
  readonly instructionAlignment: 2 | 4;
  readonly operations: OperationTable;
  readonly timing: EngineTiming;
}

/** A wait, and the number of the mechanism that owns it. */
export interface Stall {
  readonly cycles: number;
  readonly leaf: number;
}

const NO_STALL: Stall = { cycles: 0, leaf: 0 };
/** Of a stall: cycles (u32), and where the leaf is among those of a mode (bytes, u32). */
const STALL_BYTES = 8;
/** Register number of the sink, counted from `x0`. */
const SINK = (hartStateOffsets.sink - hartStateOffsets.x) / 8;

/** Bytes of the table of stalls. */
export const STALL_TABLE_BYTES = MOST_STALLS * STALL_BYTES;

/** Writes decoded instructions the way generated code reads them, and numbers the stalls that they cause. */
export class EntryWriter {
  readonly #settings: EntryWriterSettings;
  readonly #bytes: Uint8Array;
  readonly #halfwords: Uint16Array;
  readonly #words: Uint32Array;
  readonly #stalls: Stall[] = [NO_STALL];

  constructor(settings: EntryWriterSettings) {
    this.#settings = settings;
    this.#bytes = new Uint8Array(settings.buffer);
    this.#halfwords = new Uint16Array(settings.buffer);
    this.#words = new Uint32Array(settings.buffer);
  }

  /** The stall that has a number. */
  stall(number: number): Stall {
    return this.#stalls[number] ?? NO_STALL;
  }

  /** The longest wait of any entry. */
  get mostStall(): number {
    return Math.max(...this.#stalls.map(({ cycles }) => cycles));
  }

  /** Says what the interpreter does for an instruction at a place of its page. */
  operationOf(decoded: Decoded, inPage: number): number {
    const { instruction, rd, imm } = decoded;
    const { transfer, isPlain, onlyComputes } = entryForm(instruction);
    if (transfer !== undefined) return Special.transition;
    if (!isPlain || !isOpen(decoded)) return Special.slow;
    if (rd === 0 && onlyComputes) return Special.nothing;
    const isDirect = instruction.timing === 'branch' || instruction.timing === 'jump';
    const target = inPage + Number(imm);
    const isNear = isDirect && target >= 0 && target < PAGE_BYTES;
    if (isDirect && (Number(imm) & (this.#settings.instructionAlignment - 1)) !== 0) {
      return Special.slow;
    }
    const variant = transferVariant(decoded, isNear);
    return this.#settings.operations.numberOf(instruction, variant) ?? Special.slow;
  }

  /**
   * Writes what an instruction works on: an integer or a floating-point register each; the number of a third one is where the
   * immediate operand of others is.
   */
  writeOperands(entry: number, decoded: Decoded): void {
    const { rd, rs1, rs2, frd, frs1, frs2, frs3, imm, instruction } = decoded;
    const { writesFloat, transfer, hasSecondSource } = entryForm(instruction);
    const integer = rd === 0 ? SINK : rd;
    this.#bytes[entry + packed.rd] = writesFloat ? frd : integer;
    this.#bytes[entry + packed.rs1] = rs1 | frs1;
    if (transfer !== undefined) {
      this.#bytes[entry + packed.transition] = trapTransfers.indexOf(transfer);
    }
    this.#words[(entry + packed.imm) >>> 2] = Number(imm) | frs3;
    if (instruction.timing === 'csr') this.#bytes[entry + packed.csr] = directNumber(decoded) ?? 0;
    else if (hasSecondSource || this.#settings.operations.hasBothForms(instruction))
      this.#bytes[entry + packed.rs2] = rs2 | frs2;
  }

  /** Writes what an instruction leaves to the two that follow it, as far as those are known. */
  writeTrail(
    entry: number,
    decoded: Decoded,
    next: Decoded | undefined,
    afterNext: Decoded | undefined,
  ): void {
    const { timing } = this.#settings;
    let [first, second] = [0, 0];
    if (next !== undefined) {
      first = this.#numberOf(timing.stall(undefined, decoded, next));
      if (afterNext !== undefined) second = this.#numberOf(timing.stall(decoded, next, afterNext));
    }
    this.#halfwords[(entry + packed.trail) >>> 1] = trailOf(first, second, decoded.length);
  }

  #numberOf({ cycles, leaf }: Stall): number {
    if (cycles === 0) return 0;
    const known = this.#stalls.findIndex((stall) => stall.cycles === cycles && stall.leaf === leaf);
    if (known >= 0) return known;
    if (this.#stalls.length === MOST_STALLS) {
      throw new Error('more kinds of stalls than an entry can name');
    }
    const number = this.#stalls.push({ cycles, leaf }) - 1;
    const place = (this.#settings.stallTable + number * STALL_BYTES) >>> 2;
    this.#words[place] = cycles;
    this.#words[place + 1] = leaf * LEAF_BYTES;
    return number;
  }
}

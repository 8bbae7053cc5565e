import { PAGE_BYTES } from '../../../isa/index.ts';
import type { Code, Label } from '../../../wasm/index.ts';
import { emit, emitEffect, emitFloatCheck, type EffectSite } from '../effect-emitter.ts';
import type { FloatOperand } from '../engine-timing.ts';
import {
  type AwaitedFloats,
  emitDivisionGap,
  emitFloatWait,
  type FloatWaitPart,
  waitedLocal,
} from '../float-wait-code.ts';
import { entryForm } from '../entry-form.ts';
import { filterShapes } from '../line-filter-code.ts';
import { awaitedFloats } from './block-floats.ts';
import { analyseFlow, type Flow } from './flow.ts';
import { findBounds } from './region-bounds.ts';
import { type RegionCodeSettings, RegionFrame } from './region-frame.ts';
import { regionSite } from './region-site.ts';
import { RegionStalls, UNKNOWN } from './region-stalls.ts';
import { emitTransfer } from './region-transfers.ts';
import type { Block, Edge } from './region.ts';

/** Bytes of what says when a floating-point register can be used. */
const FLOAT_WORD = 4;
const LINE_SHIFT = filterShapes.write.shift;

/** Generates the function of a region. */
export function regionCode(
  settings: RegionCodeSettings,
  blocks: ReadonlyMap<number, Block>,
  root: number,
): Code {
  return new RegionCode(settings, blocks, root).function();
}

/** The lines of the page, a bit each, in which instructions lie. */
function linesOf(blocks: readonly Block[]): bigint {
  let lines = 0n;
  for (const { instructions } of blocks) {
    for (const { inPage, decoded } of instructions) {
      lines |=
        (1n << BigInt(inPage >>> LINE_SHIFT)) |
        (1n << BigInt((inPage + decoded.length - 1) >>> LINE_SHIFT));
    }
  }
  return lines;
}

/** The blocks of a region as nested blocks and loops of WebAssembly. */
class RegionCode {
  readonly #frame: RegionFrame;
  readonly #blocks: readonly Block[];
  readonly #flow: Flow;
  readonly #stalls: RegionStalls;
  readonly #bounds: readonly number[];
  /** By block and instruction. */
  readonly #awaitedFloats: readonly (readonly AwaitedFloats[])[];
  readonly #locals: EffectSite['locals'] = new Map();
  readonly #loops = new Map<number, Label>();
  readonly #merges = new Map<number, Label>();

  constructor(settings: RegionCodeSettings, blocks: ReadonlyMap<number, Block>, root: number) {
    this.#flow = analyseFlow(root, (node) =>
      (blocks.get(node)?.edges ?? []).map(({ inPage }) => inPage).filter((to) => blocks.has(to)),
    );
    this.#blocks = this.#flow.order.flatMap((node) => blocks.get(node) ?? []);
    const { pages, timing } = settings;
    this.#stalls = new RegionStalls(this.#blocks, this.#flow, pages);
    this.#bounds = findBounds(this.#blocks, this.#flow, timing, this.#stalls, pages.mostStall);
    const { floats } = timing;
    this.#awaitedFloats = floats
      ? this.#blocks.map(({ instructions }) => awaitedFloats(instructions, floats))
      : [];
    this.#frame = new RegionFrame(settings, this.#blocks);
  }

  function(): Code {
    if (this.#frame.settings.timing.hasCaches) this.#frame.checkLines(linesOf(this.#blocks));
    this.#frame.open();
    if (this.#flow.isHeader[0] !== true) this.#checkLimit(0);
    this.#emitTree(0);
    this.#frame.close();
    return this.#frame.code;
  }

  /** A block, and within the structure that it opens everything that it dominates. */
  #emitTree(number: number): void {
    const { code } = this.#frame;
    const isHeader = this.#flow.isHeader[number] === true;
    if (isHeader) {
      this.#loops.set(number, code.loop());
      this.#checkLimit(number);
    }
    const merges = (this.#flow.dominated[number] ?? []).filter(
      (child) => this.#flow.isMerge[child] === true,
    );
    for (const child of [...merges].reverse()) this.#merges.set(child, code.block());
    this.#emitBlock(number);
    for (const child of merges) {
      code.end();
      this.#emitTree(child);
    }
    if (isHeader) code.end();
  }

  #emitBlock(number: number): void {
    const { books, settings } = this.#frame;
    const block = this.#block(number);
    const { instructions, end, edges } = block;
    books.begin();
    for (const [index, instruction] of instructions.entries()) {
      const isLast = index === instructions.length - 1;
      this.#waitFirst(number, index);
      if (isLast && end !== 'line') {
        const site = this.#site(number, index);
        const retire = (): void => {
          this.#retire(number, index);
          books.flush();
        };
        const follow = (edge: Edge): void => {
          this.#follow(number, edge);
        };
        emitTransfer(this.#frame, { block, instruction, site, retire, follow });
        return;
      }
      const takesLonger = this.#emitInstruction(number, index);
      this.#retire(number, index);
      if (takesLonger) books.addExtra(settings.timing.mechanismOf(instruction.decoded.instruction));
    }
    books.flush();
    const [edge] = edges;
    if (edge !== undefined) this.#follow(number, edge);
  }

  /** Executes an instruction; whether `books` keeps cycles that it takes on top of issue. */
  #emitInstruction(number: number, index: number): boolean {
    const { settings, books } = this.#frame;
    const instruction = this.#block(number).instructions[index]?.decoded.instruction;
    if (instruction === undefined) return false;
    const site = this.#site(number, index);
    emitFloatCheck(site, instruction);
    const extra = settings.timing.operandExtra(instruction);
    if (extra !== undefined) {
      books.keepExtra(() => {
        emit(site, extra);
      });
    }
    const { floats } = settings.timing;
    if (floats !== undefined) emitDivisionGap(site, floats, instruction);
    // What passes for its access passes behind that.
    if (this.#accesses(number, index)) this.#waitForFloats(number, index, 'wait');
    for (const effect of instruction.effects) emitEffect(site, effect);
    return extra !== undefined;
  }

  /** Goes where an edge leads, inside the region or out of it. */
  #follow(from: number, edge: Edge): void {
    const frame = this.#frame;
    const { instructions } = this.#block(from);
    if (edge.isTaken) frame.setTrail();
    else frame.setTrail(instructions.at(-1)?.entry, instructions.at(-2)?.entry);
    const to = this.#flow.numberOf.get(edge.inPage);
    if (to === undefined || !this.#flow.canFollow(from, to)) {
      // Pages are fetched by themselves.
      if (edge.inPage >= PAGE_BYTES) frame.setTrail();
      frame.leaveTo(edge.inPage);
      return;
    }
    if (!edge.isTaken) this.#chargeAcross(from, to);
    const label = to <= from ? this.#loops.get(to) : this.#merges.get(to);
    if (label !== undefined) frame.code.branch(label);
    else this.#emitTree(to);
  }

  /** Lets the first instruction of a block wait for those that control falls out of. */
  #chargeAcross(from: number, to: number): void {
    const { books, trail, settings } = this.#frame;
    const stall = this.#stalls.across(from, to);
    if (stall === UNKNOWN) books.stallBehind(trail, settings.pages.stallTable);
    else books.pass(stall);
  }

  /** Leaves for the limit unless every instruction up to the next check may begin. */
  #checkLimit(number: number): void {
    const { code, left } = this.#frame;
    code.get(left);
    code.i32(this.#bounds[number] ?? 0);
    code.op('i32.lt_s');
    code.unlikely();
    code.if();
    this.#leaveAt(number);
    code.end();
  }

  /** Leaves before an instruction: what was done in its block is booked, and the history is that of the instruction. */
  #leaveBefore(number: number, index: number): void {
    if (index === 0) {
      this.#leaveAt(number);
      return;
    }
    const { instructions, inPage } = this.#block(number);
    const frame = this.#frame;
    frame.books.emitPending();
    frame.setTrail(instructions[index - 1]?.entry, instructions[index - 2]?.entry);
    frame.leaveTo(instructions[index]?.inPage ?? inPage);
  }

  /** Leaves before a block, of which the first instruction has not waited then. */
  #leaveAt(number: number): void {
    const { books, trail, settings } = this.#frame;
    if (this.#stalls.isCharged(number)) {
      books.takeBackStall(trail, settings.pages.stallTable);
    }
    this.#frame.leaveTo(this.#block(number).inPage);
  }

  /** Counts an instruction, and its wait for others, unless an edge was charged for that. */
  #retire(number: number, index: number): void {
    const { books, settings } = this.#frame;
    const stall = this.#stalls.within(number, index);
    if (stall !== UNKNOWN) books.stall(stall);
    else if (!this.#waitsFirst(number, index)) {
      books.stallBehind(this.#trailBefore(number, index), settings.pages.stallTable);
    }
    this.#waitForFloats(number, index, this.#accesses(number, index) ? 'note' : 'both');
    books.issue();
  }

  #waitForFloats(number: number, index: number, part: FloatWaitPart): void {
    const { code, hart, left, books, settings } = this.#frame;
    const { floats } = settings.timing;
    const instruction = this.#block(number).instructions[index];
    const awaited = this.#awaitedFloats[number]?.[index];
    if (floats === undefined || instruction === undefined || awaited === undefined) return;
    const { decoded } = instruction;
    const registerBase = (operand: FloatOperand): number => {
      code.get(hart);
      return decoded[operand] * FLOAT_WORD;
    };
    const pass = (cycles: number): void => {
      books.passFor(floats.leaf, () => {
        code.get(cycles);
      });
      if (part !== 'wait') return;
      code.get(waited);
      code.get(cycles);
      code.op('i32.add');
      code.set(waited);
    };
    const waited = waitedLocal(code);
    const pending = part === 'wait' ? this.#pendingAt(number, index) : books.pending;
    const site = { code, hart, left, pending, registerBase, pass };
    emitFloatWait(site, floats, decoded.instruction, awaited, part);
    if (part === 'note' && (awaited.operands.length > 0 || awaited.unit)) {
      code.i32(0);
      code.set(waited);
    }
  }

  /** Takes back what an instruction has waited for floating-point registers that is not executed now. */
  #takeBackFloatWait(number: number, index: number): void {
    const { code, books, settings } = this.#frame;
    const { floats } = settings.timing;
    const awaited = this.#awaitedFloats[number]?.[index]?.operands ?? [];
    if (floats === undefined || awaited.length === 0 || !this.#accesses(number, index)) return;
    const waited = waitedLocal(code);
    books.passFor(floats.leaf, () => {
      code.i32(0);
      code.get(waited);
      code.op('i32.sub');
    });
  }

  /** Whether an instruction accesses memory, for which time may pass. */
  #accesses(number: number, index: number): boolean {
    const instruction = this.#block(number).instructions[index]?.decoded.instruction;
    return instruction !== undefined && entryForm(instruction).access !== undefined;
  }

  /** Cycles of a block that pass before an instruction does anything, and are not booked yet. */
  #pendingAt(number: number, index: number): number {
    const stall = this.#stalls.within(number, index);
    return this.#frame.books.pending + (stall === UNKNOWN ? 0 : stall.cycles);
  }

  /** Finds what the instructions in line before another left, where only running code knows: the local that holds it. */
  #trailBefore(number: number, index: number): number {
    const { code, trail: known } = this.#frame;
    const before = this.#block(number).instructions[index - 1];
    // What is in line before its block, the edge has noted.
    if (before === undefined) return known;
    const trail = code.scratch('region.trail', 'i32');
    this.#frame.pushTrailWith(before.entry);
    code.set(trail);
    return trail;
  }

  /** Where the cycle of an access decides how long it takes, what only running code knows passes before the instruction and not behind it. */
  #waitFirst(number: number, index: number): void {
    const { books, settings } = this.#frame;
    if (!this.#waitsFirst(number, index)) return;
    books.stallBehind(this.#trailBefore(number, index), settings.pages.stallTable);
  }

  /** Whether an instruction has waited, for what only running code knows, before anything of it is done. */
  #waitsFirst(number: number, index: number): boolean {
    const isUnknown = this.#stalls.within(number, index) === UNKNOWN;
    return this.#frame.settings.timing.hasCaches && isUnknown;
  }

  #site(number: number, index: number): EffectSite {
    const { instructions } = this.#block(number);
    const instruction = instructions[index];
    if (instruction === undefined) throw new Error('a block lacks an instruction');
    const { books, settings } = this.#frame;
    const before = instructions[index - 1]?.decoded.instruction;
    return regionSite(this.#frame, instruction, {
      locals: this.#locals,
      bound: this.#bounds[number] ?? 0,
      leave: () => {
        this.#takeBackFloatWait(number, index);
        if (this.#waitsFirst(number, index)) {
          books.takeBackStall(this.#trailBefore(number, index), settings.pages.stallTable);
        }
        this.#leaveBefore(number, index);
      },
      pending: this.#pendingAt(number, index),
      mayFollowStore: before === undefined || entryForm(before).access === 'writes',
    });
  }

  #block(number: number): Block {
    const block = this.#blocks[number];
    if (block === undefined) throw new Error('a region lacks a block');
    return block;
  }
}

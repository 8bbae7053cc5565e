import { PAGE_BYTES } from '../../../isa/index.ts';
import type { Code, Label } from '../../../wasm/index.ts';
import { emit, emitEffect, emitFloatCheck, type EffectSite } from '../effect-emitter.ts';
import type { FloatOperand } from '../engine-timing.ts';
import { type AwaitedFloats, emitDivisionGap, emitFloatWait } from '../float-wait-code.ts';
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

/** Generates the function of a region. */
export function regionCode(
  settings: RegionCodeSettings,
  blocks: ReadonlyMap<number, Block>,
  root: number,
): Code {
  return new RegionCode(settings, blocks, root).function();
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
    const { books, code, settings } = this.#frame;
    const stall = this.#stalls.within(number, index);
    const before = this.#block(number).instructions[index - 1];
    if (stall !== UNKNOWN) books.stall(stall);
    else if (before === undefined) {
      // What is in line before its block, the edge has noted.
      books.stallBehind(this.#frame.trail, settings.pages.stallTable);
    } else {
      const trail = code.scratch('region.trail', 'i32');
      this.#frame.pushTrailWith(before.entry);
      code.set(trail);
      books.stallBehind(trail, settings.pages.stallTable);
    }
    this.#waitForFloats(number, index);
    books.issue();
  }

  #waitForFloats(number: number, index: number): void {
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
    };
    const site = { code, hart, left, pending: books.pending, registerBase, pass };
    emitFloatWait(site, floats, decoded.instruction, awaited);
  }

  #site(number: number, index: number): EffectSite {
    const instruction = this.#block(number).instructions[index];
    if (instruction === undefined) throw new Error('a block lacks an instruction');
    return regionSite(this.#frame, instruction, {
      locals: this.#locals,
      bound: this.#bounds[number] ?? 0,
      leave: () => {
        this.#leaveBefore(number, index);
      },
    });
  }

  #block(number: number): Block {
    const block = this.#blocks[number];
    if (block === undefined) throw new Error('a region lacks a block');
    return block;
  }
}

import { type AccessBytes, PAGE_BYTES } from '../../../isa/index.ts';
import { Code, type Label } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import type { CodePages } from '../code-pages.ts';
import { directCsr, directNumber } from '../direct-csr.ts';
import { emit, emitEffect, emitFloatCheck, type EffectSite } from '../effect-emitter.ts';
import type { EngineTiming, TransferSite } from '../engine-timing.ts';
import { emitAccess } from '../line-filter-code.ts';
import { transferVariant } from '../operations.ts';
import { runOffsets } from '../run-state.ts';
import { followedBy, TRAIL_BITS } from '../trail.ts';
import { analyseFlow, type Flow } from './flow.ts';
import { RegionBooks } from './region-books.ts';
import { RegionRegisters } from './region-registers.ts';
import type { Block, Edge, RegionInstruction } from './region.ts';

/** What the code of regions is generated for. */
export interface RegionCodeSettings {
  readonly pages: CodePages;
  readonly timing: EngineTiming;
  readonly instructionAlignment: 2 | 4;
  /** Numbers of the imported functions. */
  readonly fill: number;
  readonly learn: number;
}

/** Parameters of a region's function: the hart's memory, cycles left, virtual address of the page. It returns the cycles left. */
export const regionParameters = ['i32', 'i32', 'i64'] as const;
/** Its result. */
export const regionResults = ['i32'] as const;

/** Generates the function of a region. */
export function regionCode(
  settings: RegionCodeSettings,
  blocks: ReadonlyMap<number, Block>,
  root: number,
): Code {
  return new RegionCode(settings, blocks, root).function();
}

class RegionCode {
  readonly #settings: RegionCodeSettings;
  readonly #blocks: readonly Block[];
  readonly #flow: Flow;
  readonly #code = new Code(regionParameters);
  readonly #hart = 0;
  readonly #left = 1;
  readonly #page = 2;
  readonly #readTable = this.#code.local('i32');
  readonly #writeTable = this.#code.local('i32');
  readonly #trail = this.#code.local('i32');
  readonly #extra = this.#code.local('i32');
  readonly #slot = this.#code.local('i32');
  readonly #address = this.#code.local('i64');
  readonly #pc = this.#code.local('i64');
  readonly #target = this.#code.local('i64');
  readonly #link = this.#code.local('i64');
  readonly #floatMode = this.#code.local('i32');
  readonly #registers: RegionRegisters;
  readonly #books = new RegionBooks(this.#code, {
    hart: this.#hart,
    left: this.#left,
  });
  readonly #locals: EffectSite['locals'] = new Map();
  readonly #loops = new Map<number, Label>();
  readonly #merges = new Map<number, Label>();
  /** By block number: the entries in line before it, of each edge that falls into it. */
  readonly #before: readonly { readonly last: number; readonly older: number | undefined }[][];
  readonly #bounds: readonly number[];
  #exit: Label | undefined;

  constructor(settings: RegionCodeSettings, blocks: ReadonlyMap<number, Block>, root: number) {
    this.#settings = settings;
    this.#flow = analyseFlow(root, (node) =>
      (blocks.get(node)?.edges ?? []).map(({ inPage }) => inPage).filter((to) => blocks.has(to)),
    );
    this.#blocks = this.#flow.order.flatMap((node) => blocks.get(node) ?? []);
    this.#before = this.#findPredecessors();
    this.#bounds = this.#findBounds();
    const instructions = this.#blocks.flatMap((block) => block.instructions);
    this.#registers = new RegionRegisters(this.#code, instructions);
  }

  function(): Code {
    const code = this.#code;
    this.#registers.load(this.#hart);
    for (const [word, local] of [
      ['floatMode', this.#floatMode],
      ['readTable', this.#readTable],
      ['writeTable', this.#writeTable],
    ] as const) {
      code.get(this.#hart);
      code.load('i32.load', runOffsets[word]);
      code.set(local);
    }
    this.#exit = code.block();
    if (this.#flow.isHeader[0] !== true) this.#checkLimit(0);
    this.#emitTree(0);
    code.end();
    this.#emitEpilogue();
    return code;
  }

  /** The instructions that may be the last before a block, where control falls into it. */
  #findPredecessors(): { last: number; older: number | undefined }[][] {
    const before: { last: number; older: number | undefined }[][] = this.#blocks.map(() => []);
    for (const { instructions, edges } of this.#blocks) {
      const last = instructions.at(-1)?.entry;
      for (const { inPage, isTaken } of edges) {
        const number = this.#flow.numberOf.get(inPage);
        if (isTaken || number === undefined || last === undefined) continue;
        before[number]?.push({ last, older: instructions.at(-2)?.entry });
      }
    }
    return before;
  }

  /** The most cycles from the start of each block to the next limit check, or out of the region. */
  #findBounds(): readonly number[] {
    const { timing, pages } = this.#settings;
    const bounds: number[] = this.#blocks.map(() => 0);
    for (let number = this.#blocks.length - 1; number >= 0; number -= 1) {
      const block = this.#blocks[number];
      if (block === undefined) continue;
      let cycles = pages.mostStall * 2;
      for (const [index, { decoded }] of block.instructions.entries()) {
        cycles += 1 + timing.mostExtra(decoded.instruction);
        cycles += this.#staticStall(block, index).cycles;
      }
      let rest = 0;
      for (const { inPage } of block.edges) {
        const next = this.#flow.numberOf.get(inPage);
        if (next === undefined || next <= number || this.#flow.isHeader[next] === true) continue;
        rest = Math.max(rest, bounds[next] ?? 0);
      }
      bounds[number] = cycles + rest;
    }
    return bounds;
  }

  /** A block, and within the structure that it opens everything that it dominates. */
  #emitTree(number: number): void {
    const code = this.#code;
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
    const block = this.#blocks[number];
    if (block === undefined) throw new Error('a region lacks a block');
    const { instructions, end, edges } = block;
    this.#books.begin();
    for (const [index, instruction] of instructions.entries()) {
      const isLast = index === instructions.length - 1;
      if (isLast && end !== 'line') {
        this.#emitTransfer(number, block, instruction);
        return;
      }
      this.#emitInstruction(number, block, index, instruction);
      this.#retire(number, block, index);
    }
    this.#books.flush();
    const [edge] = edges;
    if (edge !== undefined) this.#follow(number, edge);
  }

  #emitInstruction(
    number: number,
    block: Block,
    index: number,
    { decoded }: RegionInstruction,
  ): void {
    const { timing } = this.#settings;
    const { instruction } = decoded;
    const site = this.#site(number, block, index);
    emitFloatCheck(site, instruction);
    const extra = timing.operandExtra(instruction);
    if (extra !== undefined) {
      emit(site, extra);
      this.#code.set(this.#extra);
    }
    for (const effect of instruction.effects) emitEffect(site, effect);
    if (extra !== undefined) this.#books.addExtra(timing.mechanismOf(instruction), this.#extra);
  }

  #emitTransfer(number: number, block: Block, { decoded, inPage }: RegionInstruction): void {
    const code = this.#code;
    const { timing } = this.#settings;
    const { instruction } = decoded;
    const index = block.instructions.length - 1;
    const site = this.#site(number, block, index);
    const [effect, ...rest] = instruction.effects;
    const mechanism = timing.mechanismOf(instruction);
    const resolve = (
      emitTiming: (transfers: NonNullable<EngineTiming['transfers']>, at: TransferSite) => void,
    ): void => {
      if (timing.transfers === undefined) return;
      emitTiming(timing.transfers, {
        ...{ code, hart: this.#hart, pc: this.#pc, target: this.#target, extra: this.#extra },
        learn: this.#settings.learn,
      });
      this.#books.addExtra(mechanism, this.#extra);
    };
    this.#pushAddress(inPage);
    code.set(this.#pc);
    if (effect?.effect === 'branch') {
      const [taken, fall] = [true, false].map((isTaken) => {
        return block.edges.find((edge) => edge.isTaken === isTaken);
      });
      if (fall === undefined) throw new Error('a branch lacks an edge');
      this.#retire(number, block, index);
      this.#books.flush();
      if (taken !== undefined) {
        emit(site, effect.condition);
        code.if();
        this.#pushAddress(taken.inPage);
        code.set(this.#target);
        resolve((transfers, at) => {
          transfers.branch(at, true);
        });
        this.#follow(number, taken);
        code.end();
      }
      resolve((transfers, at) => {
        transfers.branch(at, false);
      });
      this.#follow(number, fall);
      return;
    }
    if (effect?.effect !== 'jump') throw new Error(`${instruction.name} is no transfer`);
    emit(site, effect.target);
    code.set(this.#target);
    if (block.end === 'indirect') this.#leaveIfMisaligned(block, index);
    const variant = transferVariant(decoded, false);
    const isCall = variant?.isCall === true;
    if (isCall) {
      site.operands.nextPc();
      code.set(this.#link);
    }
    for (const step of rest) emitEffect(site, step);
    const link = isCall ? this.#link : undefined;
    resolve((transfers, at) => {
      if (block.end === 'jump') transfers.jump(at, link);
      else transfers.jumpRegister(at, variant?.isReturn === true, link);
    });
    this.#retire(number, block, index);
    this.#books.flush();
    if (block.end === 'indirect') this.#followGuesses(number, block);
    else for (const edge of block.edges) this.#follow(number, edge);
  }

  /** An indirect jump: stays in the region if it leads to a place that was guessed. */
  #followGuesses(number: number, block: Block): void {
    const code = this.#code;
    for (const edge of block.edges) {
      code.get(this.#target);
      this.#pushAddress(edge.inPage);
      code.op('i64.eq');
      code.if();
      this.#follow(number, edge);
      code.end();
    }
    this.#setTrail();
    this.#leave();
  }

  #leaveIfMisaligned(block: Block, index: number): void {
    const code = this.#code;
    code.get(this.#target);
    code.op('i32.wrap_i64');
    code.i32(this.#settings.instructionAlignment - 1);
    code.op('i32.and');
    code.if();
    this.#leaveBefore(block, index);
    code.end();
  }

  /** Goes where an edge leads, inside the region or out of it. */
  #follow(from: number, edge: Edge): void {
    const { instructions } = this.#blocks[from] ?? { instructions: [] };
    if (edge.isTaken) this.#setTrail();
    else this.#setTrail(instructions.at(-1)?.entry, instructions.at(-2)?.entry);
    const code = this.#code;
    const to = this.#flow.numberOf.get(edge.inPage);
    if (to === undefined || !this.#flow.canFollow(from, to)) {
      this.#pushAddress(edge.inPage);
      code.set(this.#target);
      // Pages are fetched by themselves.
      if (edge.inPage >= PAGE_BYTES) this.#setTrail();
      this.#leave();
      return;
    }
    const label = to <= from ? this.#loops.get(to) : this.#merges.get(to);
    if (label !== undefined) code.branch(label);
    else this.#emitTree(to);
  }

  /** Notes the last instructions in line: none, or one and the one before it, which may lie before the block. */
  #setTrail(last?: number, older?: number): void {
    const code = this.#code;
    const { pages } = this.#settings;
    const halfword = last === undefined ? 0 : pages.trailOf(last);
    if (last !== undefined && older === undefined) this.#pushTrailWith(halfword);
    else code.i32(older === undefined ? halfword : followedBy(pages.trailOf(older), halfword));
    code.set(this.#trail);
  }

  /** Puts the trail on the stack with another instruction at its end. */
  #pushTrailWith(halfword: number): void {
    const code = this.#code;
    code.get(this.#trail);
    code.i32(TRAIL_BITS);
    code.op('i32.shl');
    code.i32(halfword);
    code.op('i32.or');
  }

  /** Leaves for the limit unless every instruction up to the next check may begin. */
  #checkLimit(number: number): void {
    const code = this.#code;
    code.get(this.#left);
    code.i32(this.#bounds[number] ?? 0);
    code.op('i32.lt_s');
    code.if();
    this.#pushAddress(this.#blocks[number]?.inPage ?? 0);
    code.set(this.#target);
    this.#leave();
    code.end();
  }

  /** Leaves before an instruction: what was done in its block is booked, and the history is that of the instruction. */
  #leaveBefore(block: Block, index: number): void {
    const { instructions } = block;
    const code = this.#code;
    this.#books.emitPending();
    if (index === 1) this.#setTrail(instructions[0]?.entry);
    else if (index > 1) {
      this.#setTrail(instructions[index - 1]?.entry, instructions[index - 2]?.entry);
    }
    this.#pushAddress(instructions[index]?.inPage ?? 0);
    code.set(this.#target);
    this.#leave();
  }

  #leave(): void {
    if (this.#exit !== undefined) this.#code.branch(this.#exit);
  }

  /** The wait of an instruction for others of its block. */
  #staticStall(block: Block, index: number): { readonly cycles: number; readonly leaf: number } {
    const { pages } = this.#settings;
    const before = block.instructions[index - 1];
    const older = block.instructions[index - 2];
    const none = { cycles: 0, leaf: 0 };
    const long = older === undefined ? none : pages.stallAfterNext(older.entry);
    if (long.cycles > 0) return long;
    return before === undefined ? none : pages.stallOfNext(before.entry);
  }

  /** Counts an instruction, and its wait for others: of this block, or of the one that control fell out of. */
  #retire(number: number, block: Block, index: number): void {
    const { pages } = this.#settings;
    const stall = this.#staticStall(block, index);
    const before = this.#before[number] ?? [];
    const waitsAcross =
      index === 0
        ? before.some(({ last, older }) => {
            const long = older === undefined ? 1 : pages.stallAfterNext(older).cycles;
            return long > 0 || pages.stallOfNext(last).cycles > 0;
          })
        : index === 1 && before.some(({ last }) => pages.stallAfterNext(last).cycles > 0);
    if (waitsAcross) this.#stallAcross(block, index);
    else this.#books.stall(stall);
    this.#books.issue();
  }

  /** Waits as the instructions say that control fell out of, whichever they were. */
  #stallAcross(block: Block, index: number): void {
    const { pages } = this.#settings;
    const { stallTable } = pages;
    if (index === 0) {
      this.#books.stallBehind(this.#trail, stallTable);
      return;
    }
    const trail = this.#code.scratch('region.trail', 'i32');
    this.#pushTrailWith(pages.trailOf(block.instructions[0]?.entry ?? 0));
    this.#code.set(trail);
    this.#books.stallBehind(trail, stallTable);
  }

  #pushAddress(inPage: number): void {
    this.#code.get(this.#page);
    this.#code.i64(BigInt(inPage));
    this.#code.op('i64.add');
  }

  #site(number: number, block: Block, index: number): EffectSite {
    const code = this.#code;
    const instruction = block.instructions[index];
    if (instruction === undefined) throw new Error('a block lacks an instruction');
    const { decoded, inPage } = instruction;
    return {
      code,
      locals: this.#locals,
      operands: {
        register: (operand) => {
          this.#registers.push(decoded[operand]);
        },
        floatRegister: (operand) => {
          this.#registers.pushFloat(decoded[operand]);
        },
        immediate: () => {
          code.i64(decoded.imm);
        },
        pc: () => {
          this.#pushAddress(inPage);
        },
        nextPc: () => {
          this.#pushAddress(inPage + decoded.length);
        },
      },
      write: (value) => {
        value();
        this.#registers.set(decoded.rd);
      },
      writeFloat: (value) => {
        value();
        this.#registers.setFloat(decoded.frd);
      },
      leaveIf: () => {
        code.if();
        this.#leaveBefore(block, index);
        code.end();
      },
      floatMode: () => {
        code.get(this.#floatMode);
      },
      csrRecord: () => {
        code.get(this.#hart);
        code.load('i32.load', runOffsets.csrTable);
        code.i32((directNumber(decoded) ?? 0) * directCsr.bytes);
        code.op('i32.add');
      },
      ifZeroField: (operand, whenZero, otherwise) => {
        if (Number(decoded[operand]) === 0) whenZero();
        else otherwise();
      },
      access: (bytes: AccessBytes, kind) => {
        emitAccess(
          {
            code,
            hart: this.#hart,
            readTable: this.#readTable,
            writeTable: this.#writeTable,
            address: this.#address,
            slot: this.#slot,
            left: this.#left,
            fill: this.#settings.fill,
            pushSpare: () => {
              code.get(this.#left);
              code.i32(this.#bounds[number] ?? 0);
              code.op('i32.sub');
            },
            leave: () => {
              this.#leaveBefore(block, index);
            },
          },
          bytes,
          kind,
        );
      },
    };
  }

  #emitEpilogue(): void {
    const code = this.#code;
    this.#registers.save(this.#hart);
    this.#books.close();
    code.get(this.#hart);
    code.get(this.#trail);
    code.store('i32.store', runOffsets.trail);
    code.get(this.#hart);
    code.get(this.#target);
    code.store('i64.store', hartStateOffsets.pc);
    code.get(this.#left);
  }
}

import type { Expression } from '../../isa/index.ts';
import { Code, type Label, ModuleWriter } from '../../wasm/index.ts';
import { hartStateOffsets } from '../hart-state.ts';
import { emitLeaf, emitPassing, emitStall, LEAF_BYTES } from './book-code.ts';
import { emit, emitEffect, emitFloatCheck, type EffectSite } from './effect-emitter.ts';
import type { EngineTiming } from './engine-timing.ts';
import { emitAccess, FILTER_ADDEND, FILTER_ENTRY_BYTES, filterShapes } from './line-filter-code.ts';
import type { Operation, OperationTable, TransferVariant } from './operations.ts';
import {
  ENTRY_BYTES,
  ENTRY_SHIFT,
  Exit,
  FIRST_OPERATION,
  packed,
  side,
  Special,
} from './packed-entry.ts';
import { runOffsets } from './run-state.ts';
import { regionParameters, regionResults } from './translator/region-code.ts';

/** Sizes and places that an interpreter is generated for. */
export interface InterpreterSettings {
  readonly operations: OperationTable;
  readonly timing: EngineTiming;
  /** What instruction addresses are a multiple of. */
  readonly instructionAlignment: 2 | 4;
  /** Address of an entry that stands for "no instruction". */
  readonly noEntry: number;
  /** Address of the table of stalls: cycles and offset of the leaf, a word each. */
  readonly stallTable: number;
  /** Address of the side word of `noEntry`. */
  readonly sideWords: number;
  /** After how many jumps to it an instruction is worth translating; `undefined` for never. */
  readonly heat: number | undefined;
  /** Pages of the machine's memory. */
  readonly memoryPages: number;
}

const PAGE_MASK = -4096n;
const IN_PAGE = 4095;

/**
 * The module of an interpreter: `run(hart, cycles)` executes plain instructions of the hart whose memory begins at `hart`
 * until the cycles are used up or something else must be done, and says what (`Exit`).
 */
export function interpreterModule(settings: InterpreterSettings): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  module.importMemory('memory', settings.memoryPages);
  const result = ['i32'] as const;
  const fill = module.importFunction('fill', {
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    results: result,
  });
  const region = module.type({ parameters: regionParameters, results: regionResults });
  if (settings.heat !== undefined) module.importTable('regions');
  const learnCode = settings.timing.transfers?.learnCode();
  const learn = learnCode === undefined ? 0 : module.addFunction(learnCode, result, 'learn');
  const code = new InterpreterCode(settings, { fill, learn, region }).function();
  module.addFunction(code, result, 'run');
  return module.toBytes();
}

class InterpreterCode {
  readonly #settings: InterpreterSettings;
  readonly #numbers: { readonly fill: number; readonly learn: number; readonly region: number };
  readonly #code = new Code(['i32', 'i32']);
  /** Entries are this much farther apart than the instructions. */
  readonly #spread: number;
  readonly #hart = 0;
  readonly #left = 1;
  readonly #base = this.#code.local('i32');
  readonly #entry = this.#code.local('i32');
  readonly #previous = this.#code.local('i32');
  readonly #older = this.#code.local('i32');
  readonly #extraSum = this.#code.local('i32');
  readonly #readTable = this.#code.local('i32');
  readonly #writeTable = this.#code.local('i32');
  readonly #reason = this.#code.local('i32');
  readonly #slot = this.#code.local('i32');
  readonly #op = this.#code.local('i32');
  readonly #side = this.#code.local('i32');
  readonly #extra = this.#code.local('i32');
  readonly #page = this.#code.local('i64');
  readonly #address = this.#code.local('i64');
  readonly #pc = this.#code.local('i64');
  readonly #target = this.#code.local('i64');
  readonly #link = this.#code.local('i64');
  readonly #books = {
    code: this.#code,
    hart: this.#hart,
    left: this.#left,
    extraSum: this.#extraSum,
  };

  constructor(
    settings: InterpreterSettings,
    numbers: { readonly fill: number; readonly learn: number; readonly region: number },
  ) {
    this.#settings = settings;
    this.#numbers = numbers;
    this.#spread = ENTRY_SHIFT - Math.log2(settings.instructionAlignment);
  }

  function(): Code {
    const code = this.#code;
    const restored = [
      ['base', this.#base],
      ['entry', this.#entry],
      ['previous', this.#previous],
      ['older', this.#older],
      ['readTable', this.#readTable],
      ['writeTable', this.#writeTable],
    ] as const;
    for (const [word, local] of restored) {
      code.get(this.#hart);
      code.load('i32.load', runOffsets[word]);
      code.set(local);
    }
    code.get(this.#hart);
    code.load('i64.load', hartStateOffsets.pc);
    code.i64(PAGE_MASK);
    code.op('i64.and');
    code.set(this.#page);
    const leave = code.block();
    const next = code.loop();
    code.get(this.#entry);
    code.load('i32.load8_u', packed.op);
    code.set(this.#op);
    const dispatch = code.loop();
    this.#emitIteration(leave, next, dispatch);
    code.end();
    code.end();
    code.end();
    this.#saveState();
    code.get(this.#reason);
    return code;
  }

  /** One instruction: dispatch, its operation, and what comes after it, from the inside to the outside. */
  #emitIteration(leave: Label, next: Label, dispatch: Label): void {
    const code = this.#code;
    const entered = code.block();
    const undecoded = code.block();
    const slow = code.block();
    const pageEnd = code.block();
    const arrive = code.block();
    const taken = code.block();
    const region = code.block();
    const fall = code.block();
    this.#emitOperations({ undecoded, slow, pageEnd, region, taken, fall });
    code.end();
    this.#chargeStall();
    code.get(this.#previous);
    code.set(this.#older);
    code.get(this.#entry);
    code.tee(this.#previous);
    code.get(this.#entry);
    code.load('i32.load8_u', packed.advance);
    code.op('i32.add');
    code.set(this.#entry);
    this.#issue(leave, next);
    code.end();
    this.#emitRegionCall(arrive, dispatch);
    code.end();
    // Taken: the target is in `target`.
    this.#chargeStall();
    this.#refetch();
    code.get(this.#left);
    code.i32(1);
    code.op('i32.sub');
    code.set(this.#left);
    code.end();
    this.#emitArrival(leave, entered);
    code.end();
    code.get(this.#page);
    code.i64(BigInt(IN_PAGE + 1));
    code.op('i64.add');
    code.set(this.#target);
    this.#refetch();
    this.#emitLookup(leave, entered);
    code.end();
    this.#leave(leave, Exit.slow);
    code.end();
    this.#leave(leave, Exit.undecoded);
    code.end();
    this.#countHeat(leave);
    this.#continue(leave, next);
  }

  /** Goes where `target` says. */
  #emitArrival(leave: Label, entered: Label): void {
    const code = this.#code;
    code.get(this.#target);
    code.get(this.#page);
    code.op('i64.xor');
    code.i64(BigInt(IN_PAGE + 1));
    code.op('i64.lt_u');
    code.if();
    this.#enterPage();
    code.branch(entered);
    code.end();
    this.#emitLookup(leave, entered);
  }

  /** Enters the region that begins at the entry; if it gets nowhere, the instruction is executed by itself. */
  #emitRegionCall(arrive: Label, dispatch: Label): void {
    const code = this.#code;
    if (this.#settings.heat === undefined) {
      code.unreachable();
      return;
    }
    this.#loadSide();
    code.set(this.#side);
    // A region begins with a pipeline in which nothing waits.
    for (const [local, offset] of [
      [this.#previous, packed.stallOfNext],
      [this.#previous, packed.stallAfterNext],
      [this.#older, packed.stallAfterNext],
    ] as const) {
      code.get(local);
      code.load('i32.load8_u', offset);
    }
    code.op('i32.or');
    code.op('i32.or');
    code.op('i32.eqz');
    code.if();
    code.get(this.#hart);
    code.get(this.#left);
    code.get(this.#page);
    code.get(this.#side);
    code.i32(side.isRegion - 1);
    code.op('i32.and');
    code.i32(side.regionShift);
    code.op('i32.shr_u');
    code.callIndirect(this.#numbers.region);
    code.tee(this.#slot);
    code.get(this.#left);
    code.op('i32.ne');
    code.if();
    code.get(this.#slot);
    code.set(this.#left);
    code.get(this.#extraSum);
    code.get(this.#hart);
    code.load('i32.load', runOffsets.extra);
    code.op('i32.add');
    code.set(this.#extraSum);
    for (const [word, local] of [
      ['previous', this.#previous],
      ['older', this.#older],
    ] as const) {
      code.get(this.#hart);
      code.load('i32.load', runOffsets[word]);
      code.set(local);
    }
    code.get(this.#hart);
    code.load('i64.load', hartStateOffsets.pc);
    code.set(this.#target);
    code.branch(arrive);
    code.end();
    code.end();
    code.get(this.#side);
    code.i32(side.operationMask);
    code.op('i32.and');
    code.set(this.#op);
    code.branch(dispatch);
  }

  #loadSide(): void {
    const code = this.#code;
    const { sideWords, noEntry } = this.#settings;
    code.get(this.#entry);
    code.i32(noEntry);
    code.op('i32.sub');
    code.i32(Math.log2(ENTRY_BYTES / side.bytes));
    code.op('i32.shr_u');
    code.tee(this.#slot);
    code.load('i32.load', sideWords);
  }

  /** Counts a jump to the entry, unless a region begins there. */
  #countHeat(leave: Label): void {
    const { heat, sideWords } = this.#settings;
    if (heat === undefined) return;
    const code = this.#code;
    this.#loadSide();
    code.i32(1);
    code.op('i32.add');
    code.tee(this.#side);
    code.i32(0);
    code.op('i32.gt_s');
    code.if();
    code.get(this.#slot);
    code.get(this.#side);
    code.store('i32.store', sideWords);
    code.get(this.#side);
    code.i32(heat);
    code.op('i32.eq');
    code.if();
    this.#leave(leave, Exit.hot);
    code.end();
    code.end();
  }

  #emitOperations(labels: {
    readonly undecoded: Label;
    readonly slow: Label;
    readonly pageEnd: Label;
    readonly region: Label;
    readonly taken: Label;
    readonly fall: Label;
  }): void {
    const code = this.#code;
    const { operations } = this.#settings.operations;
    const { undecoded, slow, pageEnd, region, taken, fall } = labels;
    const blocks = operations.map(() => code.block()).reverse();
    code.get(this.#op);
    const table: Label[] = [];
    table[Special.undecoded] = undecoded;
    table[Special.slow] = slow;
    table[Special.pageEnd] = pageEnd;
    table[Special.nothing] = fall;
    table[Special.region] = region;
    for (let op = Special.region + 1; op < FIRST_OPERATION; op += 1) table[op] = slow;
    code.branchTable([...table, ...blocks], slow);
    for (const operation of operations) {
      code.end();
      this.#emitOperation(operation, slow, taken, fall);
    }
  }

  #emitOperation(
    { instruction, transfer }: Operation,
    slow: Label,
    taken: Label,
    fall: Label,
  ): void {
    const code = this.#code;
    const site = this.#site(slow);
    if (transfer !== undefined) {
      this.#emitTransfer(site, instruction, transfer, slow, taken, fall);
      return;
    }
    emitFloatCheck(site, instruction);
    const extra = this.#settings.timing.operandExtra(instruction);
    if (extra !== undefined) {
      emit(site, extra);
      code.set(this.#extra);
    }
    for (const effect of instruction.effects) emitEffect(site, effect);
    if (extra !== undefined) this.#charge(this.#settings.timing.mechanismOf(instruction));
    code.branch(fall);
  }

  #emitTransfer(
    site: EffectSite,
    instruction: Operation['instruction'],
    transfer: TransferVariant,
    slow: Label,
    taken: Label,
    fall: Label,
  ): void {
    const code = this.#code;
    const [effect, ...rest] = instruction.effects;
    if (effect?.effect === 'branch') {
      this.#setPc();
      emit(site, effect.condition);
      code.if();
      this.#emitTarget(site, effect.target, transfer.isNear, slow);
      this.#resolve(instruction, (timing, place) => {
        timing.branch(place, true);
      });
      code.branch(taken);
      code.end();
      this.#resolve(instruction, (timing, place) => {
        timing.branch(place, false);
      });
      code.branch(fall);
      return;
    }
    if (effect?.effect !== 'jump') throw new Error(`${instruction.name} is no transfer`);
    this.#setPc();
    this.#emitTarget(site, effect.target, transfer.isNear, slow);
    if (transfer.isCall) {
      site.operands.nextPc();
      code.set(this.#link);
    }
    for (const step of rest) emitEffect(site, step);
    const link = transfer.isCall ? this.#link : undefined;
    this.#resolve(instruction, (timing, place) => {
      if (instruction.timing === 'jump') timing.jump(place, link);
      else timing.jumpRegister(place, transfer.isReturn, link);
    });
    code.branch(taken);
  }

  /** Computes the target; a misaligned one is somebody else's business. */
  #emitTarget(site: EffectSite, target: Expression, isNear: boolean, slow: Label): void {
    const code = this.#code;
    emit(site, target);
    code.set(this.#target);
    // The target of a near transfer was looked at when it was decoded.
    if (isNear) return;
    const { instructionAlignment } = this.#settings;
    code.get(this.#target);
    code.op('i32.wrap_i64');
    code.i32(instructionAlignment - 1);
    code.op('i32.and');
    code.branchIf(slow);
  }

  #resolve(
    instruction: Operation['instruction'],
    emitTiming: (
      timing: NonNullable<EngineTiming['transfers']>,
      site: Parameters<NonNullable<EngineTiming['transfers']>['jump']>[0],
    ) => void,
  ): void {
    const { transfers } = this.#settings.timing;
    if (transfers === undefined) return;
    emitTiming(transfers, {
      code: this.#code,
      hart: this.#hart,
      pc: this.#pc,
      target: this.#target,
      extra: this.#extra,
      learn: this.#numbers.learn,
    });
    this.#charge(this.#settings.timing.mechanismOf(instruction));
  }

  #site(slow: Label): EffectSite {
    const code = this.#code;
    const field = (offset: number): void => {
      code.get(this.#entry);
      code.load('i32.load8_u', offset);
    };
    const pc = (): void => {
      this.#emitPc();
    };
    return {
      code,
      locals: new Map(),
      operands: {
        register: (operand) => {
          code.get(this.#hart);
          field(packed[operand]);
          code.op('i32.add');
          code.load('i64.load', hartStateOffsets.x);
        },
        floatRegister: (operand) => {
          code.get(this.#hart);
          field({ frs1: packed.rs1, frs2: packed.rs2, frs3: packed.imm }[operand]);
          code.op('i32.add');
          code.load('i64.load', hartStateOffsets.f);
        },
        immediate: () => {
          code.get(this.#entry);
          code.load('i64.load32_s', packed.imm);
        },
        pc,
        nextPc: () => {
          pc();
          field(packed.advance);
          code.i32(this.#spread);
          code.op('i32.shr_u');
          code.op('i64.extend_i32_u');
          code.op('i64.add');
        },
      },
      write: (value) => {
        code.get(this.#hart);
        code.get(this.#entry);
        code.load('i32.load16_u', packed.rd);
        code.op('i32.add');
        value();
        code.store('i64.store', hartStateOffsets.x);
      },
      writeFloat: (value) => {
        code.get(this.#hart);
        code.get(this.#entry);
        code.load('i32.load16_u', packed.rd);
        code.op('i32.add');
        value();
        code.store('i64.store', hartStateOffsets.f);
      },
      leaveIf: () => {
        code.branchIf(slow);
      },
      floatMode: () => {
        code.get(this.#hart);
        code.load('i32.load', runOffsets.floatMode);
      },
      access: (bytes, kind) => {
        emitAccess(
          {
            code,
            hart: this.#hart,
            readTable: this.#readTable,
            writeTable: this.#writeTable,
            address: this.#address,
            slot: this.#slot,
            fill: this.#numbers.fill,
            leave: () => {
              code.branch(slow);
            },
          },
          bytes,
          kind,
        );
      },
    };
  }

  #emitPc(): void {
    const code = this.#code;
    code.get(this.#page);
    code.get(this.#entry);
    code.get(this.#base);
    code.op('i32.sub');
    code.i32(this.#spread);
    code.op('i32.shr_u');
    code.op('i64.extend_i32_u');
    code.op('i64.add');
  }

  #setPc(): void {
    this.#emitPc();
    this.#code.set(this.#pc);
  }

  /** Finds the page of `target` among those of which the entries are known. */
  #emitLookup(leave: Label, entered: Label): void {
    const code = this.#code;
    const { shift, entries } = filterShapes.fetch;
    code.get(this.#target);
    code.i64(PAGE_MASK);
    code.op('i64.and');
    code.set(this.#page);
    code.get(this.#target);
    code.op('i32.wrap_i64');
    code.i32(shift - Math.log2(FILTER_ENTRY_BYTES));
    code.op('i32.shr_u');
    code.i32((entries - 1) * FILTER_ENTRY_BYTES);
    code.op('i32.and');
    code.get(this.#hart);
    code.load('i32.load', runOffsets.fetchTable);
    code.op('i32.add');
    code.tee(this.#slot);
    code.load('i64.load');
    code.get(this.#page);
    code.op('i64.eq');
    code.if();
    code.get(this.#slot);
    code.load('i32.load', FILTER_ADDEND);
    code.set(this.#base);
    this.#enterPage();
    code.branch(entered);
    code.end();
    code.i32(0);
    code.set(this.#base);
    this.#enterPage();
    this.#leave(leave, Exit.fetch);
  }

  /** Goes to the entry of `target` in the page whose entries begin at `base`. */
  #enterPage(): void {
    const code = this.#code;
    code.get(this.#target);
    code.op('i32.wrap_i64');
    code.i32(IN_PAGE);
    code.op('i32.and');
    code.i32(this.#spread);
    code.op('i32.shl');
    code.get(this.#base);
    code.op('i32.add');
    code.set(this.#entry);
  }

  #refetch(): void {
    const code = this.#code;
    code.i32(this.#settings.noEntry);
    code.tee(this.#previous);
    code.set(this.#older);
  }

  #issue(leave: Label, next: Label): void {
    const code = this.#code;
    code.get(this.#left);
    code.i32(1);
    code.op('i32.sub');
    code.set(this.#left);
    this.#continue(leave, next);
  }

  #continue(leave: Label, next: Label): void {
    const code = this.#code;
    code.get(this.#left);
    code.i32(0);
    code.op('i32.gt_s');
    code.branchIf(next);
    this.#leave(leave, Exit.limit);
  }

  #leave(leave: Label, reason: Exit): void {
    const code = this.#code;
    code.i32(reason);
    code.set(this.#reason);
    code.branch(leave);
  }

  /** Waits for the instructions before this one. */
  #chargeStall(): void {
    emitStall(
      this.#books,
      { previous: this.#previous, older: this.#older },
      this.#settings.stallTable,
    );
  }

  /** Lets the extra cycles pass on behalf of a mechanism. */
  #charge(mechanism: number): void {
    const code = this.#code;
    code.get(this.#extra);
    code.if();
    emitPassing(this.#books, this.#extra);
    emitLeaf(
      this.#books,
      () => {
        code.i32(mechanism * LEAF_BYTES);
      },
      () => {
        code.get(this.#extra);
      },
    );
    code.end();
  }

  #saveState(): void {
    const code = this.#code;
    const saved = [
      ['base', this.#base],
      ['entry', this.#entry],
      ['previous', this.#previous],
      ['older', this.#older],
      ['left', this.#left],
      ['extra', this.#extraSum],
    ] as const;
    for (const [word, local] of saved) {
      code.get(this.#hart);
      code.get(local);
      code.store('i32.store', runOffsets[word]);
    }
    code.get(this.#hart);
    this.#emitPc();
    code.store('i64.store', hartStateOffsets.pc);
  }
}

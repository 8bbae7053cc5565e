import type { Expression, Instruction } from '../../../isa/index.ts';
import type { Label } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import { directCsr } from '../direct-csr.ts';
import { emit, emitEffect, emitFloatCheck, type EffectSite } from '../effect-emitter.ts';
import { emitCharge } from '../book-code.ts';
import {
  emitDivisionGap,
  emitFloatWait,
  everyFloat,
  type FloatWaitPart,
  waitedLocal,
} from '../float-wait-code.ts';
import { entryForm, hasSecondSource } from '../entry-form.ts';
import type { FloatOperand, FrameTransfers, TransferSite } from '../engine-timing.ts';
import { emitAccess } from '../line-filter-code.ts';
import type { Operation, TransferVariant } from '../operations.ts';
import { packed } from '../packed-entry.ts';
import { runOffsets } from '../run-state.ts';
import type { InterpreterFrame } from './interpreter-frame.ts';

const REGISTER_SHIFT = 3;
const FLOAT_WORD_SHIFT = 2;
/** Where an entry has the numbers of floating-point registers. */
const floatFields = {
  frs1: packed.rs1,
  frs2: packed.rs2,
  frs3: packed.imm,
  frd: packed.rd,
} as const satisfies Record<FloatOperand, number>;
/** More cycles than any walk takes. */
const MOST_SPARE = 0x7fff_ffff;

/** The operations of an interpreter: what each does to registers and memory, and what it costs on top of issue. */
export class OperationCode {
  readonly #frame: InterpreterFrame;

  constructor(frame: InterpreterFrame) {
    this.#frame = frame;
  }

  /** Appends the code of an operation, which ends in a branch. */
  emit(operation: Operation, slow: Label, taken: Label, fall: Label): void {
    const { instruction, transfer } = operation;
    if (transfer !== undefined) {
      const site = this.#site(instruction, slow);
      this.#emitTransfer(site, instruction, transfer, slow, taken, fall);
      return;
    }
    this.emitInLine(operation, slow);
    this.#frame.code.branch(fall);
  }

  /** Appends the code of an operation that is no transfer. */
  emitInLine({ instruction, hasBothForms }: Operation, slow: Label): void {
    const code = this.#frame.code;
    const alone = this.#site(instruction, slow);
    const site = hasBothForms ? this.#withBothForms(alone) : alone;
    emitFloatCheck(site, instruction);
    const extra = this.#frame.settings.timing.operandExtra(instruction);
    if (extra !== undefined) {
      emit(site, extra);
      code.set(this.#frame.extra);
    }
    const { floats } = this.#frame.settings.timing;
    if (floats !== undefined) emitDivisionGap(site, floats, instruction);
    // What passes for its access passes behind that.
    const waitsFirst = entryForm(instruction).access !== undefined;
    if (waitsFirst) this.#waitForFloats(instruction, 'wait');
    for (const effect of instruction.effects) emitEffect(site, effect);
    this.#waitForFloats(instruction, waitsFirst ? 'note' : 'both');
    if (extra !== undefined && this.#frame.commits === undefined)
      this.#frame.charge(this.#frame.settings.timing.mechanismOf(instruction));
  }

  #waitForFloats(instruction: Instruction, part: FloatWaitPart): void {
    const { code, hart, left, entry, books, settings } = this.#frame;
    const { floats } = settings.timing;
    if (floats === undefined) return;
    const registerBase = (operand: FloatOperand): number => {
      code.get(hart);
      code.get(entry);
      code.load('i32.load8_u', floatFields[operand]);
      code.i32(FLOAT_WORD_SHIFT);
      code.op('i32.shl');
      code.op('i32.add');
      return 0;
    };
    const pass = (cycles: number): void => {
      emitCharge(books, floats.leaf, () => {
        code.get(cycles);
      });
      if (part === 'wait') this.#frame.noteFloatWait(cycles);
    };
    const site = { code, hart, left, pending: 0, registerBase, pass };
    const awaited = everyFloat(floats, instruction);
    emitFloatWait(site, floats, instruction, awaited, part);
    if (part === 'note' && (awaited.operands.length > 0 || awaited.unit)) {
      code.i32(0);
      code.set(waitedLocal(code));
    }
  }

  #emitTransfer(
    site: EffectSite,
    instruction: Operation['instruction'],
    transfer: TransferVariant,
    slow: Label,
    taken: Label,
    fall: Label,
  ): void {
    const code = this.#frame.code;
    const [effect, ...rest] = instruction.effects;
    const pushTarget = (): void => {
      code.get(this.#frame.target);
    };
    if (effect?.effect === 'branch') {
      this.#frame.setEnd();
      if (!transfer.isIdle) {
        emit(site, effect.condition);
        code.if();
        this.#emitTarget(site, effect.target, transfer.isNear, slow);
        this.#resolve(instruction, pushTarget, (timing, place) => {
          timing.branch(place, true);
        });
        code.branch(taken);
        code.end();
      }
      const pushUntaken = (): void => {
        emit(site, effect.target);
      };
      this.#resolve(instruction, pushUntaken, (timing, place) => {
        timing.branch(place, false);
      });
      code.branch(fall);
      return;
    }
    if (effect?.effect !== 'jump') throw new Error(`${instruction.name} is no transfer`);
    this.#frame.setEnd();
    this.#emitTarget(site, effect.target, transfer.isNear, slow);
    for (const step of rest) emitEffect(site, step);
    const pushLink = (): void => {
      site.operands.nextPc();
    };
    const link = transfer.isCall ? pushLink : undefined;
    this.#resolve(instruction, pushTarget, (timing, place) => {
      if (instruction.timing === 'jump') timing.jump(place, link);
      else timing.jumpRegister(place, transfer.isReturn, link);
    });
    code.branch(taken);
  }

  /** Computes the target; a misaligned one is somebody else's business. */
  #emitTarget(site: EffectSite, target: Expression, isNear: boolean, slow: Label): void {
    const code = this.#frame.code;
    emit(site, target);
    code.set(this.#frame.target);
    // The target of a near transfer was looked at when it was decoded.
    if (isNear) return;
    const { instructionAlignment } = this.#frame.settings;
    code.get(this.#frame.target);
    code.op('i32.wrap_i64');
    code.i32(instructionAlignment - 1);
    code.op('i32.and');
    code.branchIf(slow);
  }

  #resolve(
    instruction: Operation['instruction'],
    target: () => void,
    emitTiming: (transfers: FrameTransfers, site: TransferSite) => void,
  ): void {
    const { code, transfers, settings, end } = this.#frame;
    if (transfers === undefined) return;
    const mechanism = settings.timing.mechanismOf(instruction);
    emitTiming(transfers, {
      inPage: undefined,
      end: () => {
        code.get(end);
      },
      target,
      wait: (cycles) => {
        if (cycles === 0) return;
        emitCharge(this.#frame.books, mechanism, () => {
          code.i32(cycles);
        });
      },
    });
  }

  /** The same with a second operand that is the sum of the second register and the immediate operand, of which one is 0. */
  #withBothForms(site: EffectSite): EffectSite {
    const { code, entry } = this.#frame;
    const pushSecond = (): void => {
      site.operands.register('rs2');
      code.get(entry);
      code.load('i64.load16_s', packed.imm);
      code.op('i64.add');
    };
    const register = (operand: 'rs1' | 'rs2'): void => {
      if (operand === 'rs1') site.operands.register(operand);
      else pushSecond();
    };
    return { ...site, operands: { ...site.operands, register, immediate: pushSecond } };
  }

  #site(instruction: Instruction, slow: Label): EffectSite {
    const code = this.#frame.code;
    const isShared = hasSecondSource(instruction);
    const register = (field: number): void => {
      code.get(this.#frame.hart);
      code.get(this.#frame.entry);
      code.load('i32.load8_u', field);
      code.i32(REGISTER_SHIFT);
      code.op('i32.shl');
      code.op('i32.add');
    };
    const pc = (): void => {
      this.#frame.pushPc();
    };
    return {
      code,
      locals: new Map(),
      operands: {
        register: (operand) => {
          register(packed[operand]);
          code.load('i64.load', hartStateOffsets.x);
        },
        floatRegister: (operand) => {
          register(floatFields[operand]);
          code.load('i64.load', hartStateOffsets.f);
        },
        immediate: () => {
          code.get(this.#frame.entry);
          code.load(isShared ? 'i64.load16_s' : 'i64.load32_s', packed.imm);
        },
        pc,
        nextPc: () => {
          pc();
          this.#frame.pushLength();
          code.op('i64.extend_i32_u');
          code.op('i64.add');
        },
      },
      write: (value) => {
        register(packed.rd);
        value();
        code.store('i64.store', hartStateOffsets.x);
      },
      writeFloat: (value) => {
        register(packed.rd);
        value();
        code.store('i64.store', hartStateOffsets.f);
      },
      leaveIf: () => {
        code.branchIf(slow);
      },
      floatMode: () => {
        code.get(this.#frame.hart);
        code.load('i32.load', runOffsets.floatMode);
      },
      csrRecord: () => {
        code.get(this.#frame.entry);
        code.load('i32.load8_u', packed.csr);
        code.i32(directCsr.bytes);
        code.op('i32.mul');
        code.get(this.#frame.hart);
        code.load('i32.load', runOffsets.csrTable);
        code.op('i32.add');
      },
      ifZeroField: (operand, whenZero, otherwise) => {
        if (operand === 'rd') throw new Error('an entry does not say whether rd is 0');
        code.get(this.#frame.entry);
        if (operand === 'imm') code.load(isShared ? 'i32.load16_u' : 'i32.load', packed.imm);
        else code.load('i32.load8_u', packed[operand]);
        code.op('i32.eqz');
        code.if();
        whenZero();
        code.else();
        otherwise();
        code.end();
      },
      access: (bytes, kind) => {
        this.#frame.loadRun(kind === 'read' ? 'readTable' : 'writeTable');
        code.set(this.#frame.table);
        emitAccess(
          {
            code,
            hart: this.#frame.hart,
            readTable: this.#frame.table,
            writeTable: this.#frame.table,
            address: this.#frame.address,
            slot: this.#frame.slot,
            left: this.#frame.left,
            fill: this.#frame.numbers.fill,
            cached:
              this.#frame.lines &&
              ({
                pushLeft: () => {
                  this.#frame.pushLeft();
                },
                pushPlace: () => {
                  this.#frame.pushPlace();
                },
                mayFollowStore: true,
              } as const),
            pushSpare: () => {
              // The instruction has begun; whatever the walk takes, the limit is looked at before the next.
              code.i32(MOST_SPARE);
            },
            leave: () => {
              code.branch(slow);
            },
          },
          bytes,
          kind,
        );
        this.#frame.commits?.noteAccess();
      },
    };
  }
}

import { directCsr, directNumber } from '../direct-csr.ts';
import type { EffectSite } from '../effect-emitter.ts';
import { emitAccess } from '../line-filter-code.ts';
import { runOffsets } from '../run-state.ts';
import type { RegionFrame } from './region-frame.ts';
import type { RegionInstruction } from './region.ts';

/** What a site of a region depends on besides its instruction. */
export interface RegionSiteSettings {
  readonly locals: EffectSite['locals'];
  /** The most cycles from the start of the block to the next limit check. */
  readonly bound: number;
  /** Appends code that leaves before the instruction. */
  readonly leave: () => void;
  /** Where caches are modelled: cycles of the block that pass before the instruction and are not yet taken from those that are left. */
  readonly pending: number;
  /** Whether the instruction before it may be a store. */
  readonly mayFollowStore: boolean;
}

/** An instruction of a region where its effects touch the hart: registers are locals, everything else is known now. */
export function regionSite(
  frame: RegionFrame,
  { decoded, inPage }: RegionInstruction,
  { locals, bound, leave, pending, mayFollowStore }: RegionSiteSettings,
): EffectSite {
  const { code, registers } = frame;
  return {
    code,
    locals,
    operands: {
      register: (operand) => {
        registers.push(decoded[operand]);
      },
      floatRegister: (operand) => {
        registers.pushFloat(decoded[operand]);
      },
      immediate: () => {
        code.i64(decoded.imm);
      },
      pc: () => {
        frame.pushAddress(inPage);
      },
      nextPc: () => {
        frame.pushAddress(inPage + decoded.length);
      },
    },
    write: (value) => {
      value();
      registers.set(decoded.rd);
    },
    writeFloat: (value) => {
      value();
      registers.setFloat(decoded.frd);
    },
    leaveIf: () => {
      code.unlikely();
      code.if();
      leave();
      code.end();
    },
    floatMode: () => {
      code.get(frame.floatMode);
    },
    csrRecord: () => {
      code.get(frame.hart);
      code.load('i32.load', runOffsets.csrTable);
      code.i32((directNumber(decoded) ?? 0) * directCsr.bytes);
      code.op('i32.add');
    },
    ifZeroField: (operand, whenZero, otherwise) => {
      if (Number(decoded[operand]) === 0) whenZero();
      else otherwise();
    },
    access: (bytes, kind) => {
      const { hart, readTable, writeTable, address, slot, left } = frame;
      const { fill } = frame.settings;
      const pushSpare = (): void => {
        code.get(left);
        code.i32(bound);
        code.op('i32.sub');
      };
      const site = { code, hart, readTable, writeTable, address, slot, left, fill };
      const pushLeft = (): void => {
        code.get(left);
        code.get(hart);
        code.load('i32.load', runOffsets.reserve);
        code.op('i32.add');
        code.i32(pending);
        code.op('i32.sub');
      };
      const pushPlace = (): void => {
        code.i32(inPage);
      };
      const { hasCaches } = frame.settings.timing;
      const cached = hasCaches ? { pushLeft, pushPlace, mayFollowStore } : undefined;
      emitAccess({ ...site, pushSpare, leave, cached }, bytes, kind);
    },
  };
}

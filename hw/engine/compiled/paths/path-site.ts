import type { EffectSite } from '../effect-emitter.ts';
import { emitFilteredAccess } from '../line-filter-code.ts';
import type { PathFrame } from './path-frame.ts';
import type { PathVertex } from './path-graph.ts';

/** An instruction of translated paths where its effects touch the hart; `leave` appends code that leaves before it. */
export function pathSite(
  frame: PathFrame,
  { decoded, pc }: PathVertex,
  locals: EffectSite['locals'],
  leave: () => void,
): EffectSite {
  const { code, registers } = frame;
  const unexpected = (): never => {
    throw new Error('no path that is translated reads a CSR');
  };
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
        code.i64(pc);
      },
      nextPc: () => {
        code.i64(pc + BigInt(decoded.length));
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
    csrRecord: unexpected,
    ifZeroField: (operand, whenZero, otherwise) => {
      if (Number(decoded[operand]) === 0) whenZero();
      else otherwise();
    },
    access: (bytes, kind) => {
      const { hart, readTable, writeTable, address, slot } = frame;
      emitFilteredAccess({ code, hart, readTable, writeTable, address, slot, leave }, bytes, kind);
      code.tee(frame.host);
    },
  };
}

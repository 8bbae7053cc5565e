import { encodeInstruction } from '../assembly/code-builder.ts';
import type { CodeItem, SymbolName } from '../assembly/code.ts';
import { splitOffset } from '../assembly/constant-sequence.ts';
import { registers } from '../assembly/register.ts';
import { inverseBranch } from '../lir/block.ts';
import { alignUp, type CodeLayout } from './layout.ts';

const nop = 0x13;

/** Writes laid-out code as bytes, now that every address is known. */
export function writeCode(
  items: readonly CodeItem[],
  base: bigint,
  layout: CodeLayout,
  addressOf: (name: SymbolName) => bigint,
): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const word = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const emit = (mnemonic: string, operands: Record<string, number | bigint>) =>
    word(encodeInstruction(mnemonic, operands));
  const pad = (alignment: number) => {
    const end = Number(alignUp(base + BigInt(at), BigInt(alignment)) - base);
    while (at < end) word(nop);
  };

  for (const item of items) {
    const pc = base + BigInt(at);
    switch (item.kind) {
      case 'word':
        word(item.word);
        break;
      case 'bytes':
        bytes.set(item.bytes, at);
        at += item.bytes.length;
        break;
      case 'symbolWord':
        view.setBigUint64(at, BigInt.asUintN(64, addressOf(item.target)), true);
        at += 8;
        break;
      case 'align':
        pad(item.bytes);
        break;
      case 'function':
        pad(item.alignment);
        break;
      case 'branch': {
        const { mnemonic, rs1, rs2, target } = item;
        const distance = addressOf(target) - pc;
        if (layout.far.has(item)) {
          emit(inverseBranch[mnemonic], { rs1, rs2, imm: 8 });
          emit('jal', { rd: registers.zero, imm: distance - 4n });
        } else emit(mnemonic, { rs1, rs2, imm: distance });
        break;
      }
      case 'jump': {
        const distance = addressOf(item.target) - pc;
        if (layout.far.has(item)) {
          const { high, low } = splitOffset(distance);
          emit('auipc', { rd: item.scratch, imm: high });
          emit('jalr', { rd: item.link, rs1: item.scratch, imm: low });
        } else emit('jal', { rd: item.link, imm: distance });
        break;
      }
      case 'address': {
        const { high, low } = splitOffset(addressOf(item.target) + item.offset - pc);
        emit('auipc', { rd: item.rd, imm: high });
        emit('addi', { rd: item.rd, rs1: item.rd, imm: low });
        break;
      }
      case 'access': {
        const { mnemonic, register, base: rs1 } = item;
        const { high, low } = splitOffset(addressOf(item.target) - pc);
        emit('auipc', { rd: rs1, imm: high });
        emit(
          mnemonic,
          item.isStore ? { rs2: register, rs1, imm: low } : { rd: register, rs1, imm: low },
        );
        break;
      }
      case 'label':
      case 'functionEnd':
      case 'location':
        break;
    }
  }
  return bytes;
}

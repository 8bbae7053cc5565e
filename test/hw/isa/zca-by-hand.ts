/**
 * The tables of the C extension (unpriv 26.8) read a second time, by hand and without the rows of `hw/isa`: the assembly text
 * of what a parcel expands to with numbered registers, or `undefined` where RV64 has no instruction in Zca or Zcd.
 */
export function expandByHand(parcel: number): string | undefined {
  const bits = (high: number, low: number): number =>
    (parcel >> low) & ((1 << (high - low + 1)) - 1);
  const x = (number: number): string => `x${String(number)}`;
  const signed = (value: number, width: number): string =>
    String(value >= 2 ** (width - 1) ? value - 2 ** width : value);
  const [full, second] = [bits(11, 7), bits(6, 2)];
  const [low, high] = [8 + bits(4, 2), 8 + bits(9, 7)];
  const six = (bits(12, 12) << 5) | second;
  const small = signed(six, 6);
  const wordOffset = (bits(5, 5) << 6) | (bits(12, 10) << 3) | (bits(6, 6) << 2);
  const doubleOffset = (bits(6, 5) << 6) | (bits(12, 10) << 3);
  switch ((bits(1, 0) << 3) | bits(15, 13)) {
    case 0o00: {
      const imm = (bits(10, 7) << 6) | (bits(12, 11) << 4) | (bits(5, 5) << 3) | (bits(6, 6) << 2);
      return imm === 0 ? undefined : `addi ${x(low)} x2 ${String(imm)}`;
    }
    case 0o01:
      return `fld f${String(low)} ${x(high)} ${String(doubleOffset)}`;
    case 0o05:
      return `fsd f${String(low)} ${x(high)} ${String(doubleOffset)}`;
    case 0o02:
      return `lw ${x(low)} ${x(high)} ${String(wordOffset)}`;
    case 0o03:
      return `ld ${x(low)} ${x(high)} ${String(doubleOffset)}`;
    case 0o06:
      return `sw ${x(low)} ${x(high)} ${String(wordOffset)}`;
    case 0o07:
      return `sd ${x(low)} ${x(high)} ${String(doubleOffset)}`;
    case 0o10:
      return `addi ${x(full)} ${x(full)} ${small}`;
    case 0o11:
      return full === 0 ? undefined : `addiw ${x(full)} ${x(full)} ${small}`;
    case 0o12:
      return `addi ${x(full)} x0 ${small}`;
    case 0o13: {
      if (six === 0) return undefined;
      if (full !== 2) return `lui ${x(full)} ${String(Number(small) * 4096)}`;
      const imm =
        (bits(12, 12) << 9) |
        (bits(4, 3) << 7) |
        (bits(5, 5) << 6) |
        (bits(2, 2) << 5) |
        (bits(6, 6) << 4);
      return `addi x2 x2 ${signed(imm, 10)}`;
    }
    case 0o14: {
      if (bits(11, 10) === 0) return `srli ${x(high)} ${x(high)} ${String(six)}`;
      if (bits(11, 10) === 1) return `srai ${x(high)} ${x(high)} ${String(six)}`;
      if (bits(11, 10) === 2) return `andi ${x(high)} ${x(high)} ${small}`;
      const names = ['sub', 'xor', 'or', 'and', 'subw', 'addw'];
      const name = names[(bits(12, 12) << 2) | bits(6, 5)];
      return name && `${name} ${x(high)} ${x(high)} ${x(low)}`;
    }
    case 0o15: {
      const imm =
        (bits(12, 12) << 11) |
        (bits(8, 8) << 10) |
        (bits(10, 9) << 8) |
        (bits(6, 6) << 7) |
        (bits(7, 7) << 6) |
        (bits(2, 2) << 5) |
        (bits(11, 11) << 4) |
        (bits(5, 3) << 1);
      return `jal x0 ${signed(imm, 12)}`;
    }
    case 0o16:
    case 0o17: {
      const imm =
        (bits(12, 12) << 8) |
        (bits(6, 5) << 6) |
        (bits(2, 2) << 5) |
        (bits(11, 10) << 3) |
        (bits(4, 3) << 1);
      return `${bits(13, 13) === 0 ? 'beq' : 'bne'} ${x(high)} x0 ${signed(imm, 9)}`;
    }
    case 0o20:
      return `slli ${x(full)} ${x(full)} ${String(six)}`;
    case 0o21: {
      const offset = (bits(4, 2) << 6) | (bits(12, 12) << 5) | (bits(6, 5) << 3);
      return `fld f${String(full)} x2 ${String(offset)}`;
    }
    case 0o25:
      return `fsd f${String(second)} x2 ${String((bits(9, 7) << 6) | (bits(12, 10) << 3))}`;
    case 0o22: {
      const offset = (bits(3, 2) << 6) | (bits(12, 12) << 5) | (bits(6, 4) << 2);
      return full === 0 ? undefined : `lw ${x(full)} x2 ${String(offset)}`;
    }
    case 0o23: {
      const offset = (bits(4, 2) << 6) | (bits(12, 12) << 5) | (bits(6, 5) << 3);
      return full === 0 ? undefined : `ld ${x(full)} x2 ${String(offset)}`;
    }
    case 0o24: {
      const linked = bits(12, 12) === 1;
      if (second !== 0) return `add ${x(full)} ${linked ? x(full) : 'x0'} ${x(second)}`;
      if (full !== 0) return `jalr ${linked ? 'x1' : 'x0'} ${x(full)} 0`;
      return linked ? 'ebreak' : undefined;
    }
    case 0o26:
      return `sw ${x(second)} x2 ${String((bits(8, 7) << 6) | (bits(12, 9) << 2))}`;
    case 0o27:
      return `sd ${x(second)} x2 ${String((bits(9, 7) << 6) | (bits(12, 10) << 3))}`;
    default:
      return undefined;
  }
}

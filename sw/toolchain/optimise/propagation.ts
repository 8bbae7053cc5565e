import { rewriteEnd, type Block, type BranchMnemonic } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { definitionsOf, rewriteUses } from '../lir/instruction.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';

/** Reads the source of a copy instead of the copy, within each block. */
export function propagateCopies(f: LirFunction): void {
  for (const block of f.blocks) propagateInBlock(block);
}

function propagateInBlock(block: Block): void {
  const sources = new Map<VirtualRegister, VirtualRegister>();
  const copies = new Map<VirtualRegister, Set<VirtualRegister>>();
  const sourceOf = (register: VirtualRegister) => sources.get(register) ?? register;
  const forget = (register: VirtualRegister) => {
    const source = sources.get(register);
    if (source !== undefined) copies.get(source)?.delete(register);
    sources.delete(register);
    for (const copy of copies.get(register) ?? []) sources.delete(copy);
    copies.delete(register);
  };
  const record = (copy: VirtualRegister, source: VirtualRegister) => {
    sources.set(copy, source);
    const known = copies.get(source);
    if (known) known.add(copy);
    else copies.set(source, new Set([copy]));
  };
  for (const i of block.instructions) {
    rewriteUses(i, sourceOf);
    for (const register of definitionsOf(i)) forget(register);
    const { destination } = i;
    if (destination === undefined) continue;
    if (i.kind === 'move' && i.a !== undefined && i.a !== destination) record(destination, i.a);
    if (i.kind === 'constant' && i.immediate === 0n) record(destination, zeroValue);
  }
  rewriteEnd(block.end, sourceOf);
}

const unsigned = (value: bigint) => BigInt.asUintN(64, value);

const comparisons: Readonly<Record<BranchMnemonic, (a: bigint, b: bigint) => boolean>> = {
  beq: (a, b) => a === b,
  bne: (a, b) => a !== b,
  blt: (a, b) => a < b,
  bge: (a, b) => a >= b,
  bltu: (a, b) => unsigned(a) < unsigned(b),
  bgeu: (a, b) => unsigned(a) >= unsigned(b),
};

/** Decides branches between known constants, such as the guard that rotating a loop leaves behind. */
export function foldBranches(f: LirFunction): void {
  const definitionCounts = new Map<VirtualRegister, number>();
  const constants = new Map<VirtualRegister, bigint>();
  for (const block of f.blocks) {
    for (const i of block.instructions) {
      for (const register of definitionsOf(i)) {
        definitionCounts.set(register, (definitionCounts.get(register) ?? 0) + 1);
        if (i.kind === 'constant' && i.immediate !== undefined)
          constants.set(register, i.immediate);
      }
    }
  }
  for (const block of f.blocks) {
    const { end } = block;
    if (end.kind !== 'branch') continue;
    const local = new Map<VirtualRegister, bigint | undefined>();
    for (const i of block.instructions) {
      for (const register of definitionsOf(i)) {
        local.set(register, i.kind === 'constant' ? i.immediate : undefined);
      }
    }
    const valueOf = (register: VirtualRegister): bigint | undefined => {
      if (register === zeroValue) return 0n;
      if (local.has(register)) return local.get(register);
      return definitionCounts.get(register) === 1 ? constants.get(register) : undefined;
    };
    const a = valueOf(end.a);
    const b = valueOf(end.b);
    if (a === undefined || b === undefined) continue;
    const isTaken = comparisons[end.mnemonic](a, b);
    block.end = { kind: 'jump', target: isTaken ? end.taken : end.otherwise };
  }
}

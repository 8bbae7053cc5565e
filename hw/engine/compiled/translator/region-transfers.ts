import { type EffectSite, emit, emitEffect } from '../effect-emitter.ts';
import type { FrameTransfers, TransferSite } from '../engine-timing.ts';
import { transferVariant } from '../operations.ts';
import type { RegionFrame } from './region-frame.ts';
import type { Block, Edge, RegionInstruction } from './region.ts';

const PARCEL_BYTES = 2;

/** A transfer at the end of a block, and what to do around it. */
export interface RegionTransfer {
  readonly block: Block;
  readonly instruction: RegionInstruction;
  readonly site: EffectSite;
  /** Books the instruction. */
  readonly retire: () => void;
  /** Goes where an edge leads. */
  readonly follow: (edge: Edge) => void;
}

/** Appends the transfer that a block ends in. */
export function emitTransfer(frame: RegionFrame, transfer: RegionTransfer): void {
  switch (transfer.block.end) {
    case 'branch':
      emitBranch(frame, transfer);
      return;
    case 'jump':
      emitJump(frame, transfer);
      return;
    case 'indirect':
      emitIndirect(frame, transfer);
      return;
    default:
      throw new Error('a block that ends in line ends in no transfer');
  }
}

function emitBranch(frame: RegionFrame, transfer: RegionTransfer): void {
  const { code } = frame;
  const { block, instruction, site, retire, follow } = transfer;
  const [effect] = instruction.decoded.instruction.effects;
  const [taken, fall] = [true, false].map((isTaken) => {
    return block.edges.find((edge) => edge.isTaken === isTaken);
  });
  if (effect?.effect !== 'branch' || fall === undefined) throw new Error('a branch lacks an edge');
  const resolve = (isTaken: boolean): void => {
    const target = pushing(frame, taken ?? fall);
    resolveWith(frame, instruction, target, (timing, at) => {
      timing.branch(at, isTaken);
    });
  };
  retire();
  if (taken !== undefined) {
    emit(site, effect.condition);
    code.if();
    resolve(true);
    follow(taken);
    code.end();
  }
  resolve(false);
  follow(fall);
}

function emitJump(frame: RegionFrame, transfer: RegionTransfer): void {
  const { block, instruction, site, retire, follow } = transfer;
  const [edge] = block.edges;
  if (edge === undefined) throw new Error('a jump lacks its edge');
  emitLink(site, instruction);
  resolveWith(frame, instruction, pushing(frame, edge), (timing, at) => {
    timing.jump(at, linkOf(site, instruction));
  });
  retire();
  follow(edge);
}

/** An indirect jump stays in the region if it leads to a place that was guessed. */
function emitIndirect(frame: RegionFrame, transfer: RegionTransfer): void {
  const { code, target } = frame;
  const { block, instruction, site, retire, follow } = transfer;
  const [effect] = instruction.decoded.instruction.effects;
  if (effect?.effect !== 'jump') throw new Error('an indirect jump leads nowhere');
  emit(site, effect.target);
  code.set(target);
  code.get(target);
  code.op('i32.wrap_i64');
  code.i32(frame.settings.instructionAlignment - 1);
  code.op('i32.and');
  site.leaveIf();
  emitLink(site, instruction);
  const pushTarget = (): void => {
    code.get(target);
  };
  const isReturn = transferVariant(instruction.decoded, false)?.isReturn === true;
  resolveWith(frame, instruction, pushTarget, (timing, at) => {
    timing.jumpRegister(at, isReturn, linkOf(site, instruction));
  });
  retire();
  for (const edge of block.edges) {
    pushTarget();
    frame.pushAddress(edge.inPage);
    code.op('i64.eq');
    code.if();
    follow(edge);
    code.end();
  }
  frame.setTrail();
  frame.leave();
}

/** Writes the return address of a jump. */
function emitLink(site: EffectSite, { decoded }: RegionInstruction): void {
  const [, ...rest] = decoded.instruction.effects;
  for (const effect of rest) emitEffect(site, effect);
}

function linkOf(site: EffectSite, { decoded }: RegionInstruction): (() => void) | undefined {
  if (transferVariant(decoded, false)?.isCall !== true) return undefined;
  return () => {
    site.operands.nextPc();
  };
}

function pushing(frame: RegionFrame, edge: Edge): () => void {
  return () => {
    frame.pushAddress(edge.inPage);
  };
}

function resolveWith(
  frame: RegionFrame,
  { decoded, inPage }: RegionInstruction,
  target: () => void,
  emitTiming: (transfers: FrameTransfers, at: TransferSite) => void,
): void {
  if (frame.transfers === undefined) return;
  const leaf = frame.settings.timing.mechanismOf(decoded.instruction);
  const place = inPage + decoded.length - PARCEL_BYTES;
  const end = (): void => {
    frame.pushAddress(place);
  };
  const wait = (cycles: number): void => {
    frame.books.pass({ cycles, leaf });
  };
  emitTiming(frame.transfers, { inPage: place, end, target, wait });
}

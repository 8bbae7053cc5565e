import { Code } from '../wasm/index.ts';
import { NO_ADDRESS, predictorLayout } from './branch-predictor.ts';
import type { TimingParameters } from './parameters.ts';

/** Where a transfer is resolved: the function under construction and its locals. */
export interface TransferSite {
  readonly code: Code;
  /** Local (i32) with the address of the hart's memory. */
  readonly hart: number;
  /** Local (i64) with the address of the transfer. */
  readonly pc: number;
  /** Local (i64) with the address it leads to, where it is taken. */
  readonly target: number;
  /** Local (i32) that receives the cycles on top of issue. */
  readonly extra: number;
  /** Number of the function that `learnCode` generates. */
  readonly learn: number;
}

/** `Pipeline.transferExtra` as code: the same state, the same changes, the same cycles. */
export class TransferCode {
  readonly #parameters: TimingParameters;
  readonly #layout: ReturnType<typeof predictorLayout>;
  readonly #offset: number;

  /** The predictor's state lies `offset` bytes behind the start of the hart's memory. */
  constructor(parameters: TimingParameters, offset: number) {
    this.#parameters = parameters;
    this.#layout = predictorLayout(parameters);
    this.#offset = offset;
  }

  /** A conditional branch of which it is known whether it was taken. */
  branch(site: TransferSite, taken: boolean): void {
    const { code, extra } = site;
    const { branchMispredict, untargetedTransfer } = this.#parameters;
    const direction = code.scratch('transfer.direction', 'i32');
    this.#directionAddress(site);
    code.tee(direction);
    code.load('i32.load8_u', this.#offset + this.#layout.directions);
    this.#shiftHistory(site, taken);
    if (!taken) code.op('i32.eqz');
    code.if();
    if (taken) this.#setExtraUnlessKnown(site, untargetedTransfer, false);
    else setExtra(code, extra, 0);
    code.else();
    this.#storeDirection(code, direction, taken ? 1 : 0);
    if (taken) this.#setExtraUnlessKnown(site, 0, false);
    setExtra(code, extra, branchMispredict);
    code.end();
  }

  /** A direct jump; `link` is the local (i64) of the return address if it is a call. */
  jump(site: TransferSite, link?: number): void {
    if (link !== undefined) this.#push(site, link);
    this.#setExtraUnlessKnown(site, this.#parameters.untargetedTransfer, false);
  }

  /** An indirect jump. */
  jumpRegister(site: TransferSite, isReturn: boolean, link?: number): void {
    const { code, extra } = site;
    const { branchMispredict, untargetedTransfer } = this.#parameters;
    if (isReturn) {
      this.#pop(site);
      code.if();
      this.#setExtraUnlessKnown(site, untargetedTransfer, true);
      code.else();
      this.#setExtraUnlessKnown(site, 0, true);
      setExtra(code, extra, branchMispredict);
      code.end();
    } else this.#setExtraUnlessKnown(site, branchMispredict, false);
    if (link !== undefined) this.#push(site, link);
  }

  /**
   * The function (hart, pc, target, whether any target will do) that searches the target buffer, tells whether it held the
   * target, and makes it hold it: `BranchPredictor.learnTarget`.
   */
  learnCode(): Code {
    const code = new Code(['i32', 'i64', 'i64', 'i32']);
    const [hart, pc, target, anyTarget] = [0, 1, 2, 3];
    const entry = code.local('i32');
    const end = code.local('i32');
    const held = code.local('i64');
    const { branchTargetEntries } = this.#parameters;
    const targets = this.#offset + this.#layout.targets;
    const entryBytes = 16;
    this.#bucketAddress(code, pc);
    code.load('i32.load', this.#offset + this.#layout.buckets);
    code.if();
    code.get(hart);
    code.tee(entry);
    code.i32(branchTargetEntries * entryBytes);
    code.op('i32.add');
    code.set(end);
    const search = code.loop();
    code.get(entry);
    code.load('i64.load', targets);
    code.get(pc);
    code.i64(1n);
    code.op('i64.or');
    code.op('i64.eq');
    code.if();
    code.get(entry);
    code.load('i64.load', targets + 8);
    code.tee(held);
    code.get(target);
    code.op('i64.eq');
    code.get(anyTarget);
    code.op('i32.or');
    code.if();
    this.#know(code, pc, held);
    code.i32(1);
    code.return();
    code.end();
    code.get(entry);
    code.get(target);
    code.store('i64.store', targets + 8);
    this.#know(code, pc, target);
    code.i32(0);
    code.return();
    code.end();
    code.get(entry);
    code.i32(entryBytes);
    code.op('i32.add');
    code.tee(entry);
    code.get(end);
    code.op('i32.lt_u');
    code.branchIf(search);
    code.end();
    code.end();
    if (branchTargetEntries > 0) this.#replaceTarget(code, { pc, target, entry, held });
    code.i32(0);
    return code;
  }

  /** Puts a transfer in the place of the entry whose turn it is. */
  #replaceTarget(
    code: Code,
    locals: {
      readonly pc: number;
      readonly target: number;
      readonly entry: number;
      readonly held: number;
    },
  ): void {
    const { pc, target, entry, held } = locals;
    const { branchTargetEntries } = this.#parameters;
    const { nextTarget, targets } = this.#layout;
    const next = code.local('i32');
    code.get(0);
    code.load('i32.load', this.#offset + nextTarget);
    code.tee(next);
    code.i32(4);
    code.op('i32.shl');
    code.get(0);
    code.op('i32.add');
    code.set(entry);
    code.get(0);
    code.i32(0);
    code.get(next);
    code.i32(1);
    code.op('i32.add');
    code.get(next);
    code.i32(branchTargetEntries - 1);
    code.op('i32.eq');
    code.select();
    code.store('i32.store', this.#offset + nextTarget);
    code.get(entry);
    code.load('i64.load', this.#offset + targets);
    code.tee(held);
    code.op('i64.eqz');
    code.op('i32.eqz');
    code.if();
    code.get(held);
    code.i64(1n);
    code.op('i64.xor');
    code.set(held);
    this.#count(code, held, -1);
    this.#slotAddress(code, held);
    code.tee(next);
    code.load('i64.load', this.#offset + this.#layout.known);
    code.get(held);
    code.op('i64.eq');
    code.if();
    code.get(next);
    code.i32(NO_ADDRESS);
    code.store('i32.store', this.#offset + this.#layout.known);
    code.end();
    code.end();
    code.get(entry);
    code.get(pc);
    code.i64(1n);
    code.op('i64.or');
    code.store('i64.store', this.#offset + targets);
    code.get(entry);
    code.get(target);
    code.store('i64.store', this.#offset + targets + 8);
    this.#count(code, pc, 1);
    this.#know(code, pc, target);
  }

  #bucketAddress(code: Code, pc: number): void {
    this.#hashed(code, pc, this.#layout.bucketCount, 2);
  }

  #slotAddress(code: Code, pc: number): void {
    this.#hashed(code, pc, this.#layout.knownSlots, 4);
  }

  /** Leaves the address, besides the offset, of an element of a table that some bits of an address select. */
  #hashed(code: Code, pc: number, count: number, shift: number): void {
    code.get(0);
    code.get(pc);
    code.op('i32.wrap_i64');
    code.i32(1);
    code.op('i32.shr_u');
    code.i32(count - 1);
    code.op('i32.and');
    code.i32(shift);
    code.op('i32.shl');
    code.op('i32.add');
  }

  #count(code: Code, pc: number, change: 1 | -1): void {
    const offset = this.#offset + this.#layout.buckets;
    const bucket = code.scratch('learn.bucket', 'i32');
    this.#bucketAddress(code, pc);
    code.tee(bucket);
    code.get(bucket);
    code.load('i32.load', offset);
    code.i32(change);
    code.op('i32.add');
    code.store('i32.store', offset);
  }

  #know(code: Code, pc: number, target: number): void {
    const offset = this.#offset + this.#layout.known;
    const slot = code.scratch('learn.slot', 'i32');
    this.#slotAddress(code, pc);
    code.tee(slot);
    code.get(pc);
    code.store('i64.store', offset);
    code.get(slot);
    code.get(target);
    code.store('i64.store', offset + 8);
  }

  #directionAddress({ code, hart, pc }: TransferSite): void {
    const { branchHistoryEntries, branchHistoryLength, branchHistoryBits } = this.#parameters;
    const { indexBits, historyMultiplier, history } = this.#layout;
    const word = code.scratch('transfer.word', 'i32');
    code.get(pc);
    code.op('i32.wrap_i64');
    code.i32(2);
    code.op('i32.shr_u');
    code.tee(word);
    code.get(word);
    code.i32(indexBits);
    code.op('i32.shr_u');
    code.i32(3);
    code.op('i32.and');
    code.op('i32.xor');
    code.get(hart);
    code.load('i32.load', this.#offset + history);
    code.i32(historyMultiplier);
    code.op('i32.mul');
    code.i32(2 ** branchHistoryLength - 1);
    code.op('i32.and');
    code.i32(branchHistoryLength - branchHistoryBits);
    code.op('i32.shr_u');
    code.i32(indexBits - branchHistoryBits);
    code.op('i32.shl');
    code.op('i32.xor');
    code.i32(branchHistoryEntries - 1);
    code.op('i32.and');
    code.get(hart);
    code.op('i32.add');
  }

  #storeDirection(code: Code, address: number, value: 0 | 1): void {
    code.get(address);
    code.i32(value);
    code.store('i32.store8', this.#offset + this.#layout.directions);
  }

  #shiftHistory({ code, hart }: TransferSite, taken: boolean): void {
    const offset = this.#offset + this.#layout.history;
    code.get(hart);
    code.get(hart);
    code.load('i32.load', offset);
    code.i32(1);
    code.op('i32.shr_u');
    if (taken) {
      code.i32(1 << (this.#parameters.branchHistoryLength - 1));
      code.op('i32.or');
    }
    code.store('i32.store', offset);
  }

  /** Sets the extra to 0 if the target buffer holds the target (any target), else to `cycles`; the buffer learns. */
  #setExtraUnlessKnown(
    { code, hart, pc, target, extra, learn }: TransferSite,
    cycles: number,
    anyTarget: boolean,
  ): void {
    const { known } = this.#layout;
    const offset = this.#offset + known;
    const slot = code.scratch('transfer.slot', 'i32');
    this.#slotAddress(code, pc);
    code.tee(slot);
    code.load('i64.load', offset);
    code.get(pc);
    code.op('i64.eq');
    if (!anyTarget) {
      code.get(slot);
      code.load('i64.load', offset + 8);
      code.get(target);
      code.op('i64.eq');
      code.op('i32.and');
    }
    code.if();
    setExtra(code, extra, 0);
    code.else();
    code.i32(0);
    code.i32(cycles);
    code.get(hart);
    code.get(pc);
    code.get(target);
    code.i32(anyTarget ? 1 : 0);
    code.call(learn);
    code.select();
    code.set(extra);
    code.end();
  }

  /** Pushes over the oldest entry when the stack is full. */
  #push({ code, hart }: TransferSite, link: number): void {
    const { returnStackEntries } = this.#parameters;
    if (returnStackEntries === 0) return;
    const { stackTop, stackDepth, stack } = this.#layout;
    const top = code.scratch('transfer.top', 'i32');
    code.get(hart);
    code.get(hart);
    code.load('i32.load', this.#offset + stackTop);
    code.i32(1);
    code.op('i32.add');
    code.tee(top);
    code.i32(0);
    code.get(top);
    code.i32(returnStackEntries);
    code.op('i32.lt_u');
    code.select();
    code.tee(top);
    code.store('i32.store', this.#offset + stackTop);
    code.get(hart);
    code.get(hart);
    code.load('i32.load', this.#offset + stackDepth);
    code.get(hart);
    code.load('i32.load', this.#offset + stackDepth);
    code.i32(returnStackEntries);
    code.op('i32.lt_u');
    code.op('i32.add');
    code.store('i32.store', this.#offset + stackDepth);
    this.#entryAddress(code, hart, top);
    code.get(link);
    code.store('i64.store', this.#offset + stack);
  }

  /** Pops, and leaves on the stack whether the entry was the target. */
  #pop({ code, hart, target }: TransferSite): void {
    const { returnStackEntries } = this.#parameters;
    const { stackTop, stackDepth, stack } = this.#layout;
    const top = code.scratch('transfer.top', 'i32');
    const depth = code.scratch('transfer.depth', 'i32');
    code.get(hart);
    code.load('i32.load', this.#offset + stackDepth);
    code.tee(depth);
    code.if('i32');
    code.get(hart);
    code.get(depth);
    code.i32(1);
    code.op('i32.sub');
    code.store('i32.store', this.#offset + stackDepth);
    code.get(hart);
    code.get(hart);
    code.load('i32.load', this.#offset + stackTop);
    code.tee(top);
    code.i32(1);
    code.op('i32.sub');
    code.i32(returnStackEntries - 1);
    code.get(top);
    code.select();
    code.store('i32.store', this.#offset + stackTop);
    this.#entryAddress(code, hart, top);
    code.load('i64.load', this.#offset + stack);
    code.get(target);
    code.op('i64.eq');
    code.else();
    code.i32(0);
    code.end();
  }

  #entryAddress(code: Code, hart: number, index: number): void {
    code.get(index);
    code.i32(3);
    code.op('i32.shl');
    code.get(hart);
    code.op('i32.add');
  }
}

function setExtra(code: Code, extra: number, cycles: number): void {
  code.i32(cycles);
  code.set(extra);
}

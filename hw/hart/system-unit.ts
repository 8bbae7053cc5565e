import {
  Cause,
  coreLocalCsrs,
  type Decoded,
  huVitr,
  isPause,
  type Mode,
  type SystemOperation,
  time,
} from '../isa/index.ts';
import type { CacheBlocks } from './cache-block.ts';
import type { CoreLocalPort } from './core-local-port.ts';
import type { CsrFile, CsrWrite } from './csr-file.ts';
import type { MemoryTiming } from './memory-timing.ts';
import type { Mmu } from './mmu/index.ts';
import type { PostingPort } from './posting-port.ts';
import type { TrapReturn, TrapUnit } from './trap-unit.ts';

/** What the system unit is wired to. */
export interface SystemUnitPorts {
  readonly csrs: CsrFile;
  readonly trapUnit: TrapUnit;
  readonly mmu: Mmu;
  readonly cacheBlocks: CacheBlocks;
  /** The way to the prototype's core-local interruptor. */
  readonly coreLocal: CoreLocalPort;
  /** Whether HUFENCE.GVMA looks at its operand or drops all guest translations. */
  readonly hufence: 'precise' | 'all';
  /** The way to the posted-interrupt unit, where there is one. */
  readonly posting?: PostingPort | undefined;
  /** Caches and TLBs, where they are modelled. */
  readonly timing?: Pick<MemoryTiming, 'fence'> | undefined;
}

/** Executes what is neither computation nor memory access: CSR accesses, trap calls and returns, fences, WFI. */
export class SystemUnit {
  /** The last operation emptied the pipeline because it wrote a CSR. */
  flushes = false;
  /** The last operation was a trap return. */
  returned: TrapReturn | undefined;
  /** The last operation was a WFI. */
  waits = false;
  /** The last operation was a PAUSE. */
  pauses = false;
  /** The last operation was an ECALL, whose exception is to be taken; throwing one is far dearer. */
  call: Cause | undefined;
  /** Address of the CSR that the last operation wrote. */
  writtenCsr: number | undefined;
  readonly #ports: SystemUnitPorts;

  constructor(ports: SystemUnitPorts) {
    this.#ports = ports;
  }

  /** Forgets the outcome of the last operation. */
  clear(): void {
    this.flushes = false;
    this.returned = undefined;
    this.waits = false;
    this.pauses = false;
    this.call = undefined;
    this.writtenCsr = undefined;
  }

  /** Carries out an operation; the values are those of `rs1` and `rs2`, where it has them. */
  perform(operation: SystemOperation, decoded: Decoded, first: bigint, second: bigint): bigint {
    switch (operation) {
      case 'csrRead':
        return this.#access(decoded, 'none', 0n);
      case 'csrWrite':
        return this.#access(decoded, 'write', first);
      case 'csrSet':
        return this.#access(decoded, 'set', first);
      case 'csrClear':
        return this.#access(decoded, 'clear', first);
      case 'ecall':
        this.call = environmentCall(this.#ports.trapUnit.mode);
        return 0n;
      case 'mret':
      case 'sret':
      case 'huret':
        this.returned = this.#ports.trapUnit.returnFrom(operation);
        return 0n;
      case 'wfi':
        this.waits = true;
        return 0n;
      case 'fence':
        this.pauses = isPause(decoded.word);
        return 0n;
      case 'fenceI':
        return 0n;
      case 'cacheBlockClean':
        this.#ports.cacheBlocks.manage(first, true);
        return 0n;
      case 'cacheBlockFlush':
        this.#ports.cacheBlocks.manage(first, false);
        return 0n;
      case 'cacheBlockZero':
        this.#ports.cacheBlocks.zero(first);
        return 0n;
      case 'coreLocalLoad':
        return this.#ports.coreLocal.load(decoded.word);
      case 'coreLocalStore':
        this.#ports.coreLocal.store(decoded.word, first);
        return 0n;
      case 'coreLocalAnd':
        this.#ports.coreLocal.update(decoded.word, (old) => old & first);
        return 0n;
      case 'coreLocalOr':
        this.#ports.coreLocal.update(decoded.word, (old) => old | first);
        return 0n;
      default:
        this.#fence(operation, decoded, first, second);
        return 0n;
    }
  }

  #access(decoded: Decoded, write: CsrWrite, operand: bigint): bigint {
    const { csrs, trapUnit, posting, coreLocal } = this.#ports;
    const held = csrs.access(decoded.csr, trapUnit.mode, write, operand, decoded.word);
    const elsewhere = coreLocalCsrs.get(decoded.csr);
    let old = held;
    if (elsewhere !== undefined) old = coreLocal.access(elsewhere, write, operand);
    else if (decoded.csr === time.address && csrs.features.dv?.guestTime === 'raw') {
      // The prototype's core makes a load of mtime of it (duvisor 2.2).
      old = coreLocal.load(decoded.word);
    }
    if (decoded.csr === huVitr.address && write !== 'none') {
      posting?.post(write === 'clear' ? 0n : operand);
    }
    this.flushes = csrs.flushes;
    this.writtenCsr = write === 'none' ? undefined : decoded.csr;
    return old;
  }

  /**
   * Drops translations; an operand register of `x0` names all addresses or all spaces, another a space by as many bits as the
   * hart has for it (priv 12.2.1, priv 18.3.2).
   */
  #fence(
    operation: 'sfenceVma' | 'hfenceVvma' | 'hfenceGvma' | 'hufenceVvma' | 'hufenceGvma',
    { rs1, rs2 }: Decoded,
    first: bigint,
    second: bigint,
  ): void {
    const { mmu, trapUnit, hufence } = this.#ports;
    const { asidBits, vmidBits } = this.#ports.csrs.features;
    const { tlb, regimes } = mmu;
    const page = rs1 === 0 ? undefined : Number(first >> 12n);
    const asid = rs2 === 0 ? undefined : Number(BigInt.asUintN(asidBits, second));
    const vmid = rs2 === 0 ? undefined : Number(BigInt.asUintN(vmidBits, second));
    // The operand of the stage-2 fences is a guest physical address shifted right by 2.
    const guestPage = rs1 === 0 ? undefined : Number(first >> 10n);
    const isStage2 = operation === 'hfenceGvma' || operation === 'hufenceGvma';
    const isVirtual = operation !== 'sfenceVma' || trapUnit.mode === 'VS';
    this.#ports.timing?.fence(
      isStage2 ? { isVirtual } : { page, keepsGlobal: rs2 !== 0, isVirtual },
      isStage2 || rs1 === 0,
    );
    switch (operation) {
      case 'sfenceVma':
        if (trapUnit.mode === 'VS') tlb.fenceGuestStage1(regimes.guest.vmid, page, asid);
        else tlb.fenceHost(page, asid);
        return;
      case 'hfenceVvma':
      case 'hufenceVvma':
        tlb.fenceGuestStage1(regimes.guest.vmid, page, asid);
        return;
      case 'hfenceGvma':
        tlb.fenceGuestStage2(guestPage, vmid);
        return;
      case 'hufenceGvma':
        if (hufence === 'all') tlb.fenceGuestStage2(undefined, undefined);
        else tlb.fenceOwnStage2(guestPage, regimes.guest.vmid);
    }
  }
}

/** The exception that an ECALL in a mode raises. */
export function environmentCall(mode: Mode): Cause {
  switch (mode) {
    case 'U':
    case 'VU':
      return Cause.environmentCallFromU;
    case 'VS':
      return Cause.environmentCallFromVS;
    case 'HS':
      return Cause.environmentCallFromHS;
    case 'M':
      return Cause.environmentCallFromM;
  }
}

import type { HartState } from '../engine/index.ts';
import {
  type Csr,
  csrByAddress,
  type Decoded,
  fieldNamed,
  hstatus,
  mstatus,
  vsstatus,
} from '../isa/index.ts';
import { type Commit, type CommittedCsr, formatCommit } from './commit-log.ts';
import type { CsrFile } from './csr-file.ts';
import type { Prepared } from './decode-cache.ts';
import type { Execution } from './execution.ts';
import { FloatTrace, loggedAs } from './float-trace.ts';
import type { MadeAccess, MemoryAccess } from './memory-access.ts';
import type { SystemUnit } from './system-unit.ts';

/** The parts of a hart that a commit log looks at. */
export interface CommitTracerPorts {
  readonly hartId: number;
  readonly state: HartState;
  readonly csrs: CsrFile;
  readonly memory: MemoryAccess;
  readonly system: SystemUnit;
  readonly execution: Execution;
}

/** Executes instructions under observation and writes a line for each that retires. */
export class CommitTracer {
  readonly #ports: CommitTracerPorts;

  constructor(ports: CommitTracerPorts) {
    this.#ports = ports;
  }

  /** Executes one instruction and hands its line to `log`; one that traps has none. */
  execute({ decoded, execute, word }: Prepared, log: (line: string) => void): void {
    const { hartId, state, memory, execution } = this.#ports;
    const { privilege, virtual, pc } = state;
    const float = new FloatTrace(state, decoded);
    const accesses: MadeAccess[] = [];
    memory.log = accesses;
    try {
      execute(decoded, execution);
    } finally {
      memory.log = undefined;
      float.end();
    }
    const { writtenCsr, call } = this.#ports.system;
    if (call !== undefined) return;
    const written = writtenCsr === undefined ? undefined : csrByAddress.get(writtenCsr);
    const register = writtenRegister(decoded, state);
    const told = this.#writtenCsrs(written, decoded.instruction.name, virtual);
    const csrs = [...told, ...this.#read(float.changed(written))];
    // Spike zeroes a cache block byte by byte.
    const made = decoded.instruction.name === 'cbo.zero' ? accesses.flatMap(bytesOf) : accesses;
    log(formatCommit({ hartId, privilege, pc, word, register, csrs, accesses: made }));
  }

  /** The CSRs that the instruction was told to change, under the names that own the bits. */
  #writtenCsrs(written: Csr | undefined, name: string, virtual: boolean): Commit['csrs'] {
    const { returned } = this.#ports.system;
    const changed = returned === undefined ? [written] : this.#changedByReturn(name, virtual);
    return this.#read(
      changed
        .filter((csr) => csr !== undefined)
        .flatMap((csr) => loggedAs((virtual ? csr.virtual : undefined) ?? csr)),
    );
  }

  #read(list: readonly Csr[]): readonly CommittedCsr[] {
    const { csrs } = this.#ports;
    return list.map((csr) => ({ address: csr.address, name: csr.name, value: csrs.read(csr) }));
  }

  /** A return to a guest clears SPV, which Spike logs as a write of hstatus. */
  #changedByReturn(name: string, virtual: boolean): readonly Csr[] {
    if (virtual) return [vsstatus];
    return name === 'sret' && this.#ports.csrs.has(hstatus) ? [mstatus, hstatus] : [mstatus];
  }
}

/** An access of zeros as so many of a byte each. */
function bytesOf({ address, bytes, value }: MadeAccess): MadeAccess[] {
  return Array.from({ length: bytes }, (_, index) => ({
    address: address + BigInt(index),
    bytes: 1,
    value,
  }));
}

function writtenRegister({ instruction, rd, frd }: Decoded, state: HartState): Commit['register'] {
  if (fieldNamed(instruction.encoding, 'frd') !== undefined) {
    return { file: 'f', number: frd, value: state.f[frd] ?? 0n };
  }
  return rd === 0 ? undefined : { file: 'x', number: rd, value: state.x[rd] ?? 0n };
}

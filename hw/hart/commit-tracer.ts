import type { HartState } from '../engine/index.ts';
import { type Csr, csrByAddress, hstatus, mstatus, underlying, vsstatus } from '../isa/index.ts';
import { type Commit, formatCommit } from './commit-log.ts';
import type { CsrFile } from './csr-file.ts';
import type { Prepared } from './decode-cache.ts';
import type { Execution } from './execution.ts';
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
    const accesses: MadeAccess[] = [];
    memory.log = accesses;
    try {
      execute(decoded, execution);
    } finally {
      memory.log = undefined;
    }
    const { rd } = decoded;
    const register = rd === 0 ? undefined : { number: rd, value: state.x[rd] ?? 0n };
    const csrs = this.#writtenCsrs(decoded.instruction.name, virtual);
    log(formatCommit({ hartId, privilege, pc, word, register, csrs, accesses }));
  }

  /** The CSRs that the instruction changed, under the names that own the bits. */
  #writtenCsrs(name: string, virtual: boolean): Commit['csrs'] {
    const { system, csrs } = this.#ports;
    const { returned, writtenCsr } = system;
    const written = writtenCsr === undefined ? undefined : csrByAddress.get(writtenCsr);
    const changed = returned === undefined ? [written] : this.#changedByReturn(name, virtual);
    return changed
      .filter((csr) => csr !== undefined)
      .map((csr) => underlying((virtual ? csr.virtual : undefined) ?? csr))
      .map((owner) => ({ address: owner.address, name: owner.name, value: csrs.read(owner) }));
  }

  /** A return to a guest clears SPV, which Spike logs as a write of hstatus. */
  #changedByReturn(name: string, virtual: boolean): readonly Csr[] {
    if (virtual) return [vsstatus];
    return name === 'sret' && this.#ports.csrs.has(hstatus) ? [mstatus, hstatus] : [mstatus];
  }
}

import type { SystemAction } from '../../isa/index.ts';
import type { Code } from '../../wasm/index.ts';
import { directCsr } from './direct-csr.ts';

type CsrOperation = 'csrRead' | 'csrWrite' | 'csrSet' | 'csrClear';

const operations: readonly string[] = [
  'csrRead',
  'csrWrite',
  'csrSet',
  'csrClear',
] satisfies CsrOperation[];

/** An access to a CSR. */
export type CsrAccess = SystemAction & { readonly operation: CsrOperation };

/** Whether an operation accesses a CSR. */
export function isCsrAccess(action: SystemAction): action is CsrAccess {
  return operations.includes(action.operation);
}

/** Where a CSR is accessed. */
export interface CsrSite {
  readonly code: Code;
  /** Puts the address of the record (`directCsr`, i32) of the CSR that the instruction names on the stack. */
  csrRecord(): void;
  /** Takes a condition (i32) from the stack; where it holds, leaves the instruction, which somebody else then executes. */
  leaveIf(): void;
}

/**
 * Appends code that accesses a CSR by its record and leaves the old value (i64) on the stack, or leaves the instruction;
 * `operand` puts what is to be written (i64) on the stack.
 */
export function emitCsrAccess(site: CsrSite, { operation }: CsrAccess, operand: () => void): void {
  const { code } = site;
  const record = code.scratch('csr.record', 'i32');
  const place = code.scratch('csr.place', 'i32');
  site.csrRecord();
  code.tee(record);
  code.load('i32.load', operation === 'csrRead' ? directCsr.readable : directCsr.writable);
  code.tee(place);
  code.op('i32.eqz');
  site.leaveIf();
  code.get(place);
  code.load('i64.load');
  code.get(record);
  code.load('i64.load', directCsr.shown);
  code.op('i64.and');
  if (operation === 'csrRead') return;
  const old = code.scratch('csr.old', 'i64');
  code.set(old);
  code.get(place);
  if (operation !== 'csrWrite') code.get(old);
  operand();
  if (operation === 'csrSet') code.op('i64.or');
  if (operation === 'csrClear') {
    code.i64(-1n);
    code.op('i64.xor');
    code.op('i64.and');
  }
  code.get(record);
  code.load('i64.load', directCsr.free);
  code.op('i64.and');
  code.store('i64.store');
  code.get(old);
}

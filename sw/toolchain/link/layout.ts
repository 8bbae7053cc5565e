import type { CodeItem, SymbolName } from '../assembly/code.ts';
import { CompileError, type SourceLocation } from '../diagnostics/compile-error.ts';

/** Reach of the pc-relative instructions in bytes (unpriv 2.5). */
const branchReach = 1n << 12n;
const jumpReach = 1n << 20n;

/** Where a function begins and how long it is. */
export interface FunctionRange {
  readonly name: SymbolName;
  readonly address: bigint;
  size: number;
}

/** First instruction of a source line. */
export interface LineEntry {
  readonly address: bigint;
  readonly location: SourceLocation;
}

/** Addresses of everything in a code stream. */
export interface CodeLayout {
  readonly size: number;
  readonly labels: ReadonlyMap<SymbolName, bigint>;
  readonly functions: readonly FunctionRange[];
  readonly lines: readonly LineEntry[];
  /** Branches and jumps that need the long form. */
  readonly far: ReadonlySet<CodeItem>;
}

/** The next multiple of an alignment. */
export function alignUp(value: bigint, alignment: bigint): bigint {
  return ((value + alignment - 1n) / alignment) * alignment;
}

function sizeOf(item: CodeItem, isFar: boolean, pc: bigint): bigint {
  switch (item.kind) {
    case 'word':
      return 4n;
    case 'branch':
    case 'jump':
      return isFar ? 8n : 4n;
    case 'address':
    case 'access':
    case 'symbolWord':
      return 8n;
    case 'bytes':
      return BigInt(item.bytes.length);
    case 'align':
      return alignUp(pc, BigInt(item.bytes)) - pc;
    case 'function':
      return alignUp(pc, BigInt(item.alignment)) - pc;
    case 'label':
    case 'functionEnd':
    case 'location':
      return 0n;
  }
}

/** Places code from `base` on; branches and jumps out of reach grow until everything fits. */
export function layOutCode(
  items: readonly CodeItem[],
  base: bigint,
  external: (name: SymbolName) => bigint | undefined,
): CodeLayout {
  const far = new Set<CodeItem>();
  for (;;) {
    const layout = layOutOnce(items, base, far);
    const grown = items.filter((item) => {
      if ((item.kind !== 'branch' && item.kind !== 'jump') || far.has(item)) return false;
      const target = layout.labels.get(item.target) ?? external(item.target);
      const at = layout.positions.get(item) ?? base;
      const reach = item.kind === 'branch' ? branchReach : jumpReach;
      return target !== undefined && (target - at < -reach || target - at >= reach);
    });
    if (grown.length === 0) return layout;
    for (const item of grown) far.add(item);
  }
}

interface Pass extends CodeLayout {
  readonly positions: ReadonlyMap<CodeItem, bigint>;
}

function layOutOnce(items: readonly CodeItem[], base: bigint, far: ReadonlySet<CodeItem>): Pass {
  const labels = new Map<SymbolName, bigint>();
  const positions = new Map<CodeItem, bigint>();
  const functions: FunctionRange[] = [];
  const lines: LineEntry[] = [];
  let pc = base;
  for (const item of items) {
    if (item.kind === 'branch' || item.kind === 'jump') positions.set(item, pc);
    pc += sizeOf(item, far.has(item), pc);
    switch (item.kind) {
      case 'function':
        functions.push({ name: item.name, address: pc, size: 0 });
        define(labels, item.name, pc);
        break;
      case 'functionEnd': {
        const last = functions[functions.length - 1];
        if (last) last.size = Number(pc - last.address);
        break;
      }
      case 'label':
        define(labels, item.name, pc);
        break;
      case 'location':
        addLine(lines, pc, item.location);
        break;
      default:
    }
  }
  return { size: Number(pc - base), labels, functions, lines, far, positions };
}

function define(labels: Map<SymbolName, bigint>, name: SymbolName, address: bigint): void {
  if (labels.has(name)) throw new CompileError(`symbol ${name} is defined twice`);
  labels.set(name, address);
}

function addLine(lines: LineEntry[], address: bigint, location: SourceLocation): void {
  const last = lines[lines.length - 1];
  if (last?.address === address) lines.pop();
  const previous = lines[lines.length - 1]?.location;
  const isSame =
    previous?.file === location.file &&
    previous.line === location.line &&
    previous.column === location.column;
  if (!isSame) lines.push({ address, location });
}

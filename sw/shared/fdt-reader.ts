import { loadBig32 } from './bytes.ts';
import {
  FDT_BEGIN_NODE,
  FDT_END,
  FDT_END_NODE,
  FDT_MAGIC,
  FDT_NOP,
  FDT_OFF_STRINGS,
  FDT_OFF_STRUCT,
  FDT_PROP,
  FDT_TOTAL_SIZE,
} from './fdt.ts';
import { stringLength } from './strings.ts';

/**
 * A walk through a flattened device tree, one event at a time: `next` moves to the next node start, property or node end and says
 * which it is (FDT_BEGIN_NODE, FDT_PROP, FDT_END_NODE, or FDT_END after the last).
 */
@unmanaged
export class FdtCursor {
  /** Next token. */
  position: usize;
  /** Start of the strings block. */
  strings: usize;
  /** Depth of the node the cursor is in: the root is 1. */
  depth: u64;
  /** Name of the node that started, or of the property. */
  name: usize;
  /** Value of the property. */
  value: usize;
  /** Length of the property's value in bytes. */
  length: usize;
}

/** Whether a device tree starts at `blob` (must be readable there). */
export function isFdt(blob: usize): bool {
  return blob != 0 && (blob & 3) == 0 && loadBig32(blob) == FDT_MAGIC;
}

/** Size of a whole blob in bytes. */
export function fdtTotalSize(blob: usize): usize {
  return loadBig32(blob + FDT_TOTAL_SIZE);
}

/** Puts the cursor before the root node. */
export function startFdt(cursor: FdtCursor, blob: usize): void {
  cursor.position = blob + loadBig32(blob + FDT_OFF_STRUCT);
  cursor.strings = blob + loadBig32(blob + FDT_OFF_STRINGS);
  cursor.depth = 0;
  cursor.name = 0;
  cursor.value = 0;
  cursor.length = 0;
}

/** Moves to the next event and returns its token. */
export function nextFdt(cursor: FdtCursor): u32 {
  while (true) {
    const token = loadBig32(cursor.position);
    if (token == FDT_END) return FDT_END;
    cursor.position += 4;
    if (token == FDT_NOP) continue;
    if (token == FDT_BEGIN_NODE) {
      cursor.depth++;
      cursor.name = cursor.position;
      cursor.position += (stringLength(cursor.name) + 4) & ~(<usize>3);
    } else if (token == FDT_END_NODE) {
      cursor.depth--;
    } else if (token == FDT_PROP) {
      cursor.length = loadBig32(cursor.position);
      cursor.name = cursor.strings + loadBig32(cursor.position + 4);
      cursor.value = cursor.position + 8;
      cursor.position += 8 + ((cursor.length + 3) & ~(<usize>3));
    } else {
      // a damaged tree ends here instead of leading the reader astray
      cursor.position -= 4;
      return FDT_END;
    }
    return token;
  }
}

/** Number formed by `cells` 32-bit cells at `value` (1 or 2). */
export function fdtCells(value: usize, cells: u64): u64 {
  let number: u64 = 0;
  for (let i: u64 = 0; i < cells; i++) number = (number << 32) | loadBig32(value + (i << 2));
  return number;
}

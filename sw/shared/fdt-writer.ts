import { copyBytes, storeBig32 } from './bytes.ts';
import {
  FDT_BEGIN_NODE,
  FDT_END,
  FDT_END_NODE,
  FDT_HEADER_BYTES,
  FDT_LAST_COMPATIBLE_VERSION,
  FDT_MAGIC,
  FDT_PROP,
  FDT_VERSION,
} from './fdt.ts';
import { stringLength, stringsEqual } from './strings.ts';

/** Bytes kept for property names at the end of the area while writing. */
const STRINGS_CAPACITY: usize = 1024;
/** The memory reservation block holds its terminator only. `devicetree 5.3` */
const RESERVATION_BYTES: usize = 16;

/**
 * Writes a device tree into an area: beginFdt, then nodes and properties in order, then finishFdt. An area that is too small
 * gives size 0 at the end, never a write outside.
 */
@unmanaged
export class FdtWriter {
  /** Start of the area. */
  blob: usize;
  /** Where the next token goes. */
  position: usize;
  /** End of the structure block's room; names grow from here. */
  limit: usize;
  /** Bytes of names so far. */
  stringsLength: usize;
  /** Whether something did not fit. */
  overflow: bool;
}

function room(w: FdtWriter, bytes: usize): bool {
  if (w.position + bytes > w.limit) w.overflow = true;
  return !w.overflow;
}

function word(w: FdtWriter, value: u32): void {
  if (!room(w, 4)) return;
  storeBig32(w.position, value);
  w.position += 4;
}

function padded(w: FdtWriter, source: usize, length: usize): void {
  const size = (length + 3) & ~(<usize>3);
  if (!room(w, size)) return;
  copyBytes(w.position, source, length);
  for (let i = length; i < size; i++) store<u8>(w.position + i, 0);
  w.position += size;
}

function nameOffset(w: FdtWriter, name: usize): u32 {
  for (let offset: usize = 0; offset < w.stringsLength;) {
    if (stringsEqual(w.limit + offset, name)) return <u32>offset;
    offset += stringLength(w.limit + offset) + 1;
  }
  const size = stringLength(name) + 1;
  if (w.stringsLength + size > STRINGS_CAPACITY) {
    w.overflow = true;
    return 0;
  }
  const offset = w.stringsLength;
  copyBytes(w.limit + offset, name, size);
  w.stringsLength += size;
  return <u32>offset;
}

function property(w: FdtWriter, name: usize, length: usize): void {
  word(w, FDT_PROP);
  word(w, <u32>length);
  word(w, nameOffset(w, name));
}

/** Starts a tree in the area [blob, blob + capacity), which must be 8-byte aligned. */
export function beginFdt(w: FdtWriter, blob: usize, capacity: usize): void {
  w.blob = blob;
  w.position = blob + FDT_HEADER_BYTES + RESERVATION_BYTES;
  w.limit = blob + capacity - STRINGS_CAPACITY;
  w.stringsLength = 0;
  w.overflow = capacity < FDT_HEADER_BYTES + RESERVATION_BYTES + STRINGS_CAPACITY;
}

/** Starts a node; the root's name is the empty string. */
export function beginNode(w: FdtWriter, name: usize): void {
  word(w, FDT_BEGIN_NODE);
  padded(w, name, stringLength(name) + 1);
}

/** Starts a node "name@address", the address in hexadecimal. */
export function beginNodeAt(w: FdtWriter, name: usize, address: u64): void {
  word(w, FDT_BEGIN_NODE);
  if (!room(w, stringLength(name) + 24)) return;
  const start = w.position;
  const length = stringLength(name);
  copyBytes(start, name, length);
  let end = start + length;
  store<u8>(end++, 0x40);
  let shift: u64 = 60;
  while (shift != 0 && address >> shift == 0) shift -= 4;
  while (true) {
    const digit = (<u32>(address >> shift)) & 15;
    store<u8>(end++, digit < 10 ? 0x30 + digit : 0x57 + digit);
    if (shift == 0) break;
    shift -= 4;
  }
  do store<u8>(end++, 0);
  while (((end - start) & 3) != 0);
  w.position = end;
}

/** Ends the node started last. */
export function endNode(w: FdtWriter): void {
  word(w, FDT_END_NODE);
}

/** A property without value. */
export function addEmpty(w: FdtWriter, name: usize): void {
  property(w, name, 0);
}

/** A property of one 32-bit cell. */
export function addCell(w: FdtWriter, name: usize, value: u32): void {
  property(w, name, 4);
  word(w, value);
}

/** A property of two cells, high word first: a 64-bit address. */
export function addAddress(w: FdtWriter, name: usize, value: u64): void {
  property(w, name, 8);
  word(w, <u32>(value >> 32));
  word(w, <u32>value);
}

/** A `reg` property: address and size, two cells each. */
export function addRange(w: FdtWriter, name: usize, address: u64, size: u64): void {
  property(w, name, 16);
  word(w, <u32>(address >> 32));
  word(w, <u32>address);
  word(w, <u32>(size >> 32));
  word(w, <u32>size);
}

/** A property that is a NUL-terminated string. */
export function addString(w: FdtWriter, name: usize, text: usize): void {
  const length = stringLength(text) + 1;
  property(w, name, length);
  padded(w, text, length);
}

/** A property of any bytes, for instance cells prepared elsewhere. */
export function addBytes(w: FdtWriter, name: usize, source: usize, length: usize): void {
  property(w, name, length);
  padded(w, source, length);
}

/** Ends the tree; returns its size, or 0 when the area was too small. */
export function finishFdt(w: FdtWriter): usize {
  word(w, FDT_END);
  if (w.overflow) return 0;
  const structure = FDT_HEADER_BYTES + RESERVATION_BYTES;
  const structureSize = w.position - w.blob - structure;
  const strings = structure + structureSize;
  copyBytes(w.position, w.limit, w.stringsLength);
  const total = strings + w.stringsLength;
  storeBig32(w.blob, FDT_MAGIC);
  storeBig32(w.blob + 4, <u32>total);
  storeBig32(w.blob + 8, <u32>structure);
  storeBig32(w.blob + 12, <u32>strings);
  storeBig32(w.blob + 16, <u32>FDT_HEADER_BYTES);
  storeBig32(w.blob + 20, FDT_VERSION);
  storeBig32(w.blob + 24, FDT_LAST_COMPATIBLE_VERSION);
  storeBig32(w.blob + 28, 0);
  storeBig32(w.blob + 32, <u32>w.stringsLength);
  storeBig32(w.blob + 36, <u32>structureSize);
  for (let i = FDT_HEADER_BYTES; i < structure; i++) store<u8>(w.blob + i, 0);
  return total;
}

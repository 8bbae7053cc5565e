/**
 * Six kernels that look like the code of this project's firmware, kernel and hypervisor. `kernels.c` has the same algorithms;
 * both return the same checksums. Working memory lies from `heap` on.
 */
const heap: usize = 0x400000;

// ---- block copy

function copyBlock(target: usize, source: usize, bytes: usize): void {
  if (((target | source) & 7) == 0) {
    while (bytes >= 32) {
      const a = load<u64>(source);
      const b = load<u64>(source, 8);
      const c = load<u64>(source, 16);
      const d = load<u64>(source, 24);
      store<u64>(target, a);
      store<u64>(target, b, 8);
      store<u64>(target, c, 16);
      store<u64>(target, d, 24);
      source += 32;
      target += 32;
      bytes -= 32;
    }
    while (bytes >= 8) {
      store<u64>(target, load<u64>(source));
      source += 8;
      target += 8;
      bytes -= 8;
    }
  }
  while (bytes != 0) {
    store<u8>(target, load<u8>(source));
    source++;
    target++;
    bytes--;
  }
}

export function blockCopy(): u64 {
  const target = heap + 0x4000;
  for (let at: usize = 0; at < 4096; at += 8) store<u64>(heap + at, at * 0x9e3779b97f4a7c15);
  for (let less: usize = 0; less < 6; less++) copyBlock(target, heap, 4096 - less);
  return load<u64>(target + 2048) ^ load<u64>(target + 4080);
}

// ---- stage-2 page table (Sv39x4): map and walk

const VALID: u64 = 1;
const LEAF: u64 = 0xe;
const ALL_PERMISSIONS: u64 = 0xde;

let nextPage: u64 = 0;

function takePage(): u64 {
  const page = nextPage;
  nextPage += 4096;
  for (let at = page; at < page + 4096; at += 64) {
    store<u64>(at, 0);
    store<u64>(at, 0, 8);
    store<u64>(at, 0, 16);
    store<u64>(at, 0, 24);
    store<u64>(at, 0, 32);
    store<u64>(at, 0, 40);
    store<u64>(at, 0, 48);
    store<u64>(at, 0, 56);
  }
  return page;
}

function entryIndex(address: u64, level: i32): u64 {
  return level == 2 ? (address >> 30) & 0x7ff : (address >> (12 + 9 * level)) & 0x1ff;
}

function mapPage(root: u64, guest: u64, host: u64, level: i32, flags: u64): i32 {
  let table = root;
  for (let l: i32 = 2; l > level; l--) {
    const at = table + (entryIndex(guest, l) << 3);
    const entry = load<u64>(at);
    if (entry & VALID) {
      if (entry & LEAF) return -1;
      table = (entry >> 10) << 12;
    } else {
      const page = takePage();
      store<u64>(at, ((page >> 12) << 10) | VALID);
      table = page;
    }
  }
  const at = table + (entryIndex(guest, level) << 3);
  if (load<u64>(at) & VALID) return -2;
  store<u64>(at, ((host >> 12) << 10) | flags | VALID);
  return 0;
}

function walk(root: u64, guest: u64): u64 {
  let table = root;
  for (let level: i32 = 2; level >= 0; level--) {
    const entry = load<u64>(table + (entryIndex(guest, level) << 3));
    if (!(entry & VALID)) return ~0;
    if (entry & LEAF) {
      const offset: u64 = ((<u64>1) << (12 + 9 * level)) - 1;
      return (((entry >> 10) << 12) & ~offset) | (guest & offset);
    }
    table = (entry >> 10) << 12;
  }
  return ~0;
}

export function stage2(): u64 {
  const root: u64 = heap + 0x10000;
  nextPage = root + 0x4000;
  for (let at = root; at < root + 0x4000; at += 8) store<u64>(at, 0);
  let sum: u64 = 0;
  for (let i: u64 = 0; i < 128; i++) {
    sum += mapPage(root, 0x80000000 + (i << 12) * 3, 0x90000000 + (i << 12), 0, ALL_PERMISSIONS);
  }
  for (let i: u64 = 0; i < 400; i++) sum = sum * 31 + walk(root, 0x80000000 + (i << 12) + i);
  return sum;
}

// ---- exits of a guest: SBI calls, timer, an emulated UART, stage-2 faults

@unmanaged
class Registers {
  ra: u64;
  sp: u64;
  gp: u64;
  tp: u64;
  t0: u64;
  t1: u64;
  t2: u64;
  s0: u64;
  s1: u64;
  a0: u64;
  a1: u64;
  a2: u64;
  a3: u64;
  a4: u64;
  a5: u64;
  a6: u64;
  a7: u64;
}

@unmanaged
class Uart {
  enables: u8;
  lineControl: u8;
  modemControl: u8;
  scratch: u8;
  written: u32;
  sum: u64;
}

@unmanaged
class Vcpu {
  registers: Registers;
  uart: Uart;
  epc: u64;
  cause: u64;
  value: u64;
  guestAddress: u64;
  instruction: u64;
  exits: u64;
  calls: u64;
  accesses: u64;
  faults: u64;
  timer: u64;
  root: u64;
}

function registerValue(r: Registers, index: u32): u64 {
  return index == 0 ? 0 : load<u64>(changetype<usize>(r) + ((<usize>index - 1) << 3));
}

function setRegister(r: Registers, index: u32, value: u64): void {
  if (index != 0) store<u64>(changetype<usize>(r) + ((<usize>index - 1) << 3), value);
}

function readUart(uart: Uart, offset: u64): u32 {
  switch (<u32>offset) {
    case 1:
      return uart.enables;
    case 3:
      return uart.lineControl;
    case 4:
      return uart.modemControl;
    case 5:
      return 0x60;
    case 7:
      return uart.scratch;
    default:
      return 0;
  }
}

function writeUart(uart: Uart, offset: u64, value: u32): void {
  switch (<u32>offset) {
    case 0:
      uart.written += 1;
      uart.sum = uart.sum * 131 + (value & 0xff);
      break;
    case 1:
      uart.enables = <u8>value;
      break;
    case 3:
      uart.lineControl = <u8>value;
      break;
    case 4:
      uart.modemControl = <u8>value;
      break;
    case 7:
      uart.scratch = <u8>value;
      break;
    default:
      break;
  }
}

function emulateAccess(v: Vcpu, isStore: bool): i32 {
  const instruction = v.instruction;
  const address = (v.guestAddress << 2) | (v.value & 3);
  if (address < 0x10000000 || address >= 0x10000100) return -1;
  const offset = address - 0x10000000;
  if (isStore) {
    if ((instruction & 0x7f) != 0x23) return -2;
    writeUart(v.uart, offset, <u32>registerValue(v.registers, (<u32>(instruction >> 20)) & 31));
  } else {
    if ((instruction & 0x7f) != 0x03) return -2;
    let value: u64 = readUart(v.uart, offset);
    switch ((<u32>(instruction >> 12)) & 7) {
      case 0:
        value = <u64>(<i64>(<i8>value));
        break;
      case 1:
        value = <u64>(<i64>(<i16>value));
        break;
      case 2:
        value = <u64>(<i64>(<i32>value));
        break;
      default:
        break;
    }
    setRegister(v.registers, (<u32>(instruction >> 7)) & 31, value);
  }
  v.epc += 4;
  return 0;
}

function handleCall(v: Vcpu): void {
  const r = v.registers;
  v.calls++;
  switch (r.a7) {
    case 0:
      v.timer = r.a0;
      r.a0 = 0;
      break;
    case 1:
      writeUart(v.uart, 0, <u32>r.a0);
      r.a0 = 0;
      break;
    case 0x10:
      r.a1 = r.a6 == 0 ? 2 : r.a6 == 3 ? 1 : 0;
      r.a0 = 0;
      break;
    case 0x54494d45:
      v.timer = r.a0;
      r.a0 = 0;
      r.a1 = 0;
      break;
    default:
      r.a0 = <u64>(<i64>-2);
      break;
  }
  v.epc += 4;
}

function handleExit(v: Vcpu): i32 {
  v.exits++;
  const cause = v.cause;
  if (<i64>cause < 0) {
    switch (cause & 0xff) {
      case 5:
        v.timer = 0;
        return 0;
      case 1:
        return 0;
      case 9:
        return 0;
      default:
        return -10;
    }
  }
  switch (cause) {
    case 10:
      handleCall(v);
      return 0;
    case 20:
    case 21:
    case 23: {
      const address = (v.guestAddress << 2) | (v.value & 3);
      if (address >= 0x80000000) {
        v.faults++;
        const host = 0x90000000 + (address & 0xffff000);
        return mapPage(v.root, address & ~0xfff, host, 0, ALL_PERMISSIONS);
      }
      v.accesses++;
      return emulateAccess(v, cause == 23);
    }
    case 22:
      v.epc += 4;
      return 0;
    default:
      return -11;
  }
}

export function exits(): u64 {
  const v = changetype<Vcpu>(heap + 0x40000);
  for (let at: usize = 0; at < 1024; at += 8) store<u64>(heap + 0x40000 + at, 0);
  v.registers = changetype<Registers>(heap + 0x40100);
  v.uart = changetype<Uart>(heap + 0x40300);
  v.root = heap + 0x60000;
  nextPage = heap + 0x64000;
  for (let at = v.root; at < v.root + 0x4000; at += 8) store<u64>(at, 0);
  const r = v.registers;
  let sum: u64 = 0;
  for (let i: u64 = 0; i < 120; i++) {
    v.cause = 10;
    r.a7 = 1;
    r.a0 = 65 + (i & 15);
    sum += handleExit(v);
    v.cause = 23;
    v.instruction = 0x00f70023;
    v.guestAddress = 0x10000000 >> 2;
    v.value = 0;
    r.a5 = i;
    sum += handleExit(v);
    v.cause = 21;
    v.instruction = 0x00574783;
    v.guestAddress = 0x10000004 >> 2;
    v.value = 1;
    sum += handleExit(v) + r.a5;
    v.cause = 0x8000000000000005;
    sum += handleExit(v);
    if ((i & 15) == 0) {
      v.cause = 21;
      v.guestAddress = (0x80000000 + (i << 12)) >> 2;
      v.value = 0;
      sum += handleExit(v);
    }
    v.cause = 10;
    r.a7 = 0x54494d45;
    r.a0 = i;
    sum += handleExit(v);
  }
  return sum + v.exits * 7 + v.uart.sum + v.epc + v.faults;
}

// ---- merge sort of a list, and a bitwise checksum

@unmanaged
class Item {
  next: Item | null;
  key: i32;
  number: i32;
}

function checksum(data: u32, crc: u32): u32 {
  for (let i: i32 = 0; i < 16; i++) {
    const bit = (data ^ crc) & 1;
    data >>= 1;
    crc >>= 1;
    if (bit) crc ^= 0xa001;
  }
  return crc;
}

function sort(list: Item | null): Item | null {
  let run: i32 = 1;
  while (true) {
    let p = list;
    list = null;
    let tail: Item | null = null;
    let merges: i32 = 0;
    while (p) {
      merges++;
      let q: Item | null = p;
      let left: i32 = 0;
      for (let i: i32 = 0; i < run; i++) {
        left++;
        q = q!.next;
        if (!q) break;
      }
      let right = run;
      while (left > 0 || (right > 0 && q)) {
        let taken: Item;
        if (left == 0) {
          taken = q!;
          q = q!.next;
          right--;
        } else if (right == 0 || !q) {
          taken = p!;
          p = p!.next;
          left--;
        } else if (p!.key <= q!.key) {
          taken = p!;
          p = p!.next;
          left--;
        } else {
          taken = q!;
          q = q!.next;
          right--;
        }
        if (tail) tail.next = taken;
        else list = taken;
        tail = taken;
      }
      p = q;
    }
    if (tail) tail.next = null;
    if (merges <= 1) return list;
    run *= 2;
  }
}

export function listSort(): u64 {
  const base = heap + 0x80000;
  let seed: u32 = 12345;
  let head: Item | null = null;
  for (let i: i32 = 0; i < 64; i++) {
    seed = seed * 1103515245 + 12345;
    const item = changetype<Item>(base + ((<usize>i) << 4));
    item.key = (<i32>(seed >> 16)) & 0x7fff;
    item.number = i;
    item.next = head;
    head = item;
  }
  head = sort(head);
  let crc: u32 = 0;
  for (let item = head; item; item = item!.next) {
    crc = checksum(item!.key, crc);
    crc = checksum(item!.number, crc);
  }
  return crc;
}

// ---- product of two 24x24 matrices, stepping pointers as this project's loops do

export function matrix(): u64 {
  const size: usize = 24;
  const a = heap + 0x90000;
  const b = heap + 0x91000;
  const c = heap + 0x92000;
  let x: i32 = 3;
  let y: i32 = -9;
  for (let p = a, q = b; p < a + size * size * 2; p += 2, q += 2) {
    store<i16>(p, <i16>x);
    store<i16>(q, <i16>y);
    x += 7;
    y += 5;
  }
  let out = c;
  for (let row = a; row < a + size * size * 2; row += size * 2) {
    for (let column = b; column < b + size * 2; column += 2) {
      let sum: i32 = 0;
      for (let p = row, q = column; p < row + size * 2; p += 2, q += size * 2) {
        sum += <i32>load<i16>(p) * <i32>load<i16>(q);
      }
      store<i32>(out, sum);
      out += 4;
    }
  }
  let crc: u32 = 0;
  for (let p = c; p < c + 64; p += 4) crc = checksum(load<u32>(p), crc);
  return crc;
}

// ---- a state machine that scans numbers

const text: StaticArray<u8> = [
  53, 48, 49, 50, 44, 48, 46, 53, 101, 45, 51, 44, 45, 49, 50, 48, 44, 43, 55, 46, 57, 44, 97, 98,
  99, 44, 51, 46, 49, 52, 49, 53, 57, 44, 52, 50, 101, 55, 44, 45, 45, 49, 44, 48, 120, 49, 102, 44,
  49, 101, 49, 44, 43, 48, 46, 53, 44, 45, 46, 50, 53, 101, 43, 50, 0,
];

export function scanner(): u64 {
  const start = changetype<usize>(text);
  let integers: u32 = 0;
  let fractions: u32 = 0;
  let exponents: u32 = 0;
  let errors: u32 = 0;
  let hash: u64 = 0;
  for (let pass: i32 = 0; pass < 12; pass++) {
    let p = start;
    let state: i32 = 0;
    let c: u32;
    while ((c = load<u8>(p++)) != 0) {
      if (c == 44) {
        if (state == 2) integers++;
        else if (state == 4) fractions++;
        else if (state == 7) exponents++;
        else errors++;
        state = 0;
        continue;
      }
      const isDigit = c - 48 < 10;
      switch (state) {
        case 0:
          state = isDigit ? 2 : c == 43 || c == 45 ? 1 : c == 46 ? 3 : 8;
          break;
        case 1:
          state = isDigit ? 2 : c == 46 ? 3 : 8;
          break;
        case 2:
          state = isDigit ? 2 : c == 46 ? 3 : c == 101 || c == 69 ? 5 : 8;
          break;
        case 3:
          state = isDigit ? 4 : 8;
          break;
        case 4:
          state = isDigit ? 4 : c == 101 || c == 69 ? 5 : 8;
          break;
        case 5:
          state = isDigit ? 7 : c == 43 || c == 45 ? 6 : 8;
          break;
        case 6:
          state = isDigit ? 7 : 8;
          break;
        case 7:
          state = isDigit ? 7 : 8;
          break;
        default:
          break;
      }
      hash = hash * 33 + <u64>state;
    }
  }
  return (
    hash + integers + ((<u64>fractions) << 10) + ((<u64>exponents) << 20) + ((<u64>errors) << 30)
  );
}

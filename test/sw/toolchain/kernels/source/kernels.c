/* The algorithms of kernels.ts, for a comparison of code quality. */
typedef unsigned long u64;
typedef long i64;
typedef unsigned int u32;
typedef int i32;
typedef unsigned char u8;
typedef signed char i8;
typedef short i16;

#define HEAP 0x400000UL
#define AT64(a) (*(u64 *)(a))
#define NOINLINE __attribute__((noinline))

/* ---- block copy */

static void copy_block(u64 target, u64 source, u64 bytes) {
  if (((target | source) & 7) == 0) {
    while (bytes >= 32) {
      u64 a = AT64(source), b = AT64(source + 8), c = AT64(source + 16), d = AT64(source + 24);
      AT64(target) = a;
      AT64(target + 8) = b;
      AT64(target + 16) = c;
      AT64(target + 24) = d;
      source += 32;
      target += 32;
      bytes -= 32;
    }
    while (bytes >= 8) {
      AT64(target) = AT64(source);
      source += 8;
      target += 8;
      bytes -= 8;
    }
  }
  while (bytes != 0) {
    *(u8 *)target = *(u8 *)source;
    source++;
    target++;
    bytes--;
  }
}

u64 blockCopy(void) {
  u64 target = HEAP + 0x4000;
  for (u64 at = 0; at < 4096; at += 8) AT64(HEAP + at) = at * 0x9e3779b97f4a7c15UL;
  for (u64 less = 0; less < 6; less++) copy_block(target, HEAP, 4096 - less);
  return AT64(target + 2048) ^ AT64(target + 4080);
}

/* ---- stage-2 page table */

enum { VALID = 1, LEAF = 0xe, ALL_PERMISSIONS = 0xde };

static u64 next_page;

static u64 take_page(void) {
  u64 page = next_page;
  next_page += 4096;
  for (u64 at = page; at < page + 4096; at += 64) {
    AT64(at) = 0;
    AT64(at + 8) = 0;
    AT64(at + 16) = 0;
    AT64(at + 24) = 0;
    AT64(at + 32) = 0;
    AT64(at + 40) = 0;
    AT64(at + 48) = 0;
    AT64(at + 56) = 0;
  }
  return page;
}

static u64 entry_index(u64 address, i32 level) {
  return level == 2 ? (address >> 30) & 0x7ff : (address >> (12 + 9 * level)) & 0x1ff;
}

static i32 map_page(u64 root, u64 guest, u64 host, i32 level, u64 flags) {
  u64 table = root;
  for (i32 l = 2; l > level; l--) {
    u64 at = table + (entry_index(guest, l) << 3);
    u64 entry = AT64(at);
    if (entry & VALID) {
      if (entry & LEAF) return -1;
      table = (entry >> 10) << 12;
    } else {
      u64 page = take_page();
      AT64(at) = ((page >> 12) << 10) | VALID;
      table = page;
    }
  }
  u64 at = table + (entry_index(guest, level) << 3);
  if (AT64(at) & VALID) return -2;
  AT64(at) = ((host >> 12) << 10) | flags | VALID;
  return 0;
}

static u64 walk(u64 root, u64 guest) {
  u64 table = root;
  for (i32 level = 2; level >= 0; level--) {
    u64 entry = AT64(table + (entry_index(guest, level) << 3));
    if (!(entry & VALID)) return ~0UL;
    if (entry & LEAF) {
      u64 offset = (1UL << (12 + 9 * level)) - 1;
      return (((entry >> 10) << 12) & ~offset) | (guest & offset);
    }
    table = (entry >> 10) << 12;
  }
  return ~0UL;
}

u64 stage2(void) {
  u64 root = HEAP + 0x10000;
  next_page = root + 0x4000;
  for (u64 at = root; at < root + 0x4000; at += 8) AT64(at) = 0;
  u64 sum = 0;
  for (u64 i = 0; i < 128; i++)
    sum += (u64)(i64)map_page(root, 0x80000000UL + (i << 12) * 3, 0x90000000UL + (i << 12), 0, ALL_PERMISSIONS);
  for (u64 i = 0; i < 400; i++) sum = sum * 31 + walk(root, 0x80000000UL + (i << 12) + i);
  return sum;
}

/* ---- exits of a guest */

typedef struct {
  u64 ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7;
} Registers;
typedef struct {
  u8 enables, line_control, modem_control, scratch;
  u32 written;
  u64 sum;
} Uart;
typedef struct {
  Registers *registers;
  Uart *uart;
  u64 epc, cause, value, guest_address, instruction, exits, calls, accesses, faults, timer, root;
} Vcpu;

static u64 register_value(Registers *r, u32 index) { return index == 0 ? 0 : ((u64 *)r)[index - 1]; }

static void set_register(Registers *r, u32 index, u64 value) {
  if (index != 0) ((u64 *)r)[index - 1] = value;
}

static u32 read_uart(Uart *uart, u64 offset) {
  switch ((u32)offset) {
    case 1: return uart->enables;
    case 3: return uart->line_control;
    case 4: return uart->modem_control;
    case 5: return 0x60;
    case 7: return uart->scratch;
    default: return 0;
  }
}

static void write_uart(Uart *uart, u64 offset, u32 value) {
  switch ((u32)offset) {
    case 0:
      uart->written += 1;
      uart->sum = uart->sum * 131 + (value & 0xff);
      break;
    case 1: uart->enables = value; break;
    case 3: uart->line_control = value; break;
    case 4: uart->modem_control = value; break;
    case 7: uart->scratch = value; break;
    default: break;
  }
}

static i32 emulate_access(Vcpu *v, i32 is_store) {
  u64 instruction = v->instruction;
  u64 address = (v->guest_address << 2) | (v->value & 3);
  if (address < 0x10000000 || address >= 0x10000100) return -1;
  u64 offset = address - 0x10000000;
  if (is_store) {
    if ((instruction & 0x7f) != 0x23) return -2;
    write_uart(v->uart, offset, (u32)register_value(v->registers, (u32)(instruction >> 20) & 31));
  } else {
    if ((instruction & 0x7f) != 0x03) return -2;
    u64 value = read_uart(v->uart, offset);
    switch ((u32)(instruction >> 12) & 7) {
      case 0: value = (u64)(i64)(i8)value; break;
      case 1: value = (u64)(i64)(i16)value; break;
      case 2: value = (u64)(i64)(i32)value; break;
      default: break;
    }
    set_register(v->registers, (u32)(instruction >> 7) & 31, value);
  }
  v->epc += 4;
  return 0;
}

static void handle_call(Vcpu *v) {
  Registers *r = v->registers;
  v->calls++;
  switch (r->a7) {
    case 0:
      v->timer = r->a0;
      r->a0 = 0;
      break;
    case 1:
      write_uart(v->uart, 0, (u32)r->a0);
      r->a0 = 0;
      break;
    case 0x10:
      r->a1 = r->a6 == 0 ? 2 : r->a6 == 3 ? 1 : 0;
      r->a0 = 0;
      break;
    case 0x54494d45:
      v->timer = r->a0;
      r->a0 = 0;
      r->a1 = 0;
      break;
    default: r->a0 = (u64)-2L; break;
  }
  v->epc += 4;
}

static NOINLINE i32 handle_exit(Vcpu *v) {
  v->exits++;
  u64 cause = v->cause;
  if ((i64)cause < 0) {
    switch (cause & 0xff) {
      case 5: v->timer = 0; return 0;
      case 1: return 0;
      case 9: return 0;
      default: return -10;
    }
  }
  switch (cause) {
    case 10: handle_call(v); return 0;
    case 20:
    case 21:
    case 23: {
      u64 address = (v->guest_address << 2) | (v->value & 3);
      if (address >= 0x80000000UL) {
        v->faults++;
        u64 host = 0x90000000UL + (address & 0xffff000);
        return map_page(v->root, address & ~0xfffUL, host, 0, ALL_PERMISSIONS);
      }
      v->accesses++;
      return emulate_access(v, cause == 23);
    }
    case 22: v->epc += 4; return 0;
    default: return -11;
  }
}

u64 exits(void) {
  Vcpu *v = (Vcpu *)(HEAP + 0x40000);
  for (u64 at = 0; at < 1024; at += 8) AT64(HEAP + 0x40000 + at) = 0;
  v->registers = (Registers *)(HEAP + 0x40100);
  v->uart = (Uart *)(HEAP + 0x40300);
  v->root = HEAP + 0x60000;
  next_page = HEAP + 0x64000;
  for (u64 at = v->root; at < v->root + 0x4000; at += 8) AT64(at) = 0;
  Registers *r = v->registers;
  u64 sum = 0;
  for (u64 i = 0; i < 120; i++) {
    v->cause = 10;
    r->a7 = 1;
    r->a0 = 65 + (i & 15);
    sum += (i64)handle_exit(v);
    v->cause = 23;
    v->instruction = 0x00f70023;
    v->guest_address = 0x10000000 >> 2;
    v->value = 0;
    r->a5 = i;
    sum += (i64)handle_exit(v);
    v->cause = 21;
    v->instruction = 0x00574783;
    v->guest_address = 0x10000004 >> 2;
    v->value = 1;
    sum += (i64)handle_exit(v) + r->a5;
    v->cause = 0x8000000000000005UL;
    sum += (i64)handle_exit(v);
    if ((i & 15) == 0) {
      v->cause = 21;
      v->guest_address = (0x80000000UL + (i << 12)) >> 2;
      v->value = 0;
      sum += (i64)handle_exit(v);
    }
    v->cause = 10;
    r->a7 = 0x54494d45;
    r->a0 = i;
    sum += (i64)handle_exit(v);
  }
  return sum + v->exits * 7 + v->uart->sum + v->epc + v->faults;
}

/* ---- list sort and checksum */

typedef struct Item {
  struct Item *next;
  i32 key, number;
} Item;

static NOINLINE u32 checksum(u32 data, u32 crc) {
  for (i32 i = 0; i < 16; i++) {
    u32 bit = (data ^ crc) & 1;
    data >>= 1;
    crc >>= 1;
    if (bit) crc ^= 0xa001;
  }
  return crc;
}

static Item *sort(Item *list) {
  i32 run = 1;
  for (;;) {
    Item *p = list, *tail = 0;
    i32 merges = 0;
    list = 0;
    while (p) {
      merges++;
      Item *q = p;
      i32 left = 0;
      for (i32 i = 0; i < run; i++) {
        left++;
        q = q->next;
        if (!q) break;
      }
      i32 right = run;
      while (left > 0 || (right > 0 && q)) {
        Item *taken;
        if (left == 0) {
          taken = q;
          q = q->next;
          right--;
        } else if (right == 0 || !q) {
          taken = p;
          p = p->next;
          left--;
        } else if (p->key <= q->key) {
          taken = p;
          p = p->next;
          left--;
        } else {
          taken = q;
          q = q->next;
          right--;
        }
        if (tail) tail->next = taken;
        else list = taken;
        tail = taken;
      }
      p = q;
    }
    if (tail) tail->next = 0;
    if (merges <= 1) return list;
    run *= 2;
  }
}

u64 listSort(void) {
  u64 base = HEAP + 0x80000;
  u32 seed = 12345;
  Item *head = 0;
  for (i32 i = 0; i < 64; i++) {
    seed = seed * 1103515245 + 12345;
    Item *item = (Item *)(base + ((u64)i << 4));
    item->key = (i32)(seed >> 16) & 0x7fff;
    item->number = i;
    item->next = head;
    head = item;
  }
  head = sort(head);
  u32 crc = 0;
  for (Item *item = head; item; item = item->next) {
    crc = checksum(item->key, crc);
    crc = checksum(item->number, crc);
  }
  return crc;
}

/* ---- matrix product */

u64 matrix(void) {
  enum { SIZE = 24 };
  i16 *a = (i16 *)(HEAP + 0x90000), *b = (i16 *)(HEAP + 0x91000);
  i32 *c = (i32 *)(HEAP + 0x92000);
  for (i32 i = 0; i < SIZE * SIZE; i++) {
    a[i] = (i16)(i * 7 + 3);
    b[i] = (i16)(i * 5 - 9);
  }
  for (i32 i = 0; i < SIZE; i++)
    for (i32 j = 0; j < SIZE; j++) {
      i32 sum = 0;
      for (i32 k = 0; k < SIZE; k++) sum += (i32)a[i * SIZE + k] * (i32)b[k * SIZE + j];
      c[i * SIZE + j] = sum;
    }
  u32 crc = 0;
  for (i32 i = 0; i < 16; i++) crc = checksum((u32)c[i], crc);
  return crc;
}

/* ---- number scanner */

static const u8 text[] = "5012,0.5e-3,-120,+7.9,abc,3.14159,42e7,--1,0x1f,1e1,+0.5,-.25e+2";

u64 scanner(void) {
  u32 integers = 0, fractions = 0, exponents = 0, errors = 0;
  u64 hash = 0;
  for (i32 pass = 0; pass < 12; pass++) {
    const u8 *p = text;
    i32 state = 0;
    u32 c;
    while ((c = *p++) != 0) {
      if (c == 44) {
        if (state == 2) integers++;
        else if (state == 4) fractions++;
        else if (state == 7) exponents++;
        else errors++;
        state = 0;
        continue;
      }
      i32 is_digit = c - 48 < 10;
      switch (state) {
        case 0: state = is_digit ? 2 : c == 43 || c == 45 ? 1 : c == 46 ? 3 : 8; break;
        case 1: state = is_digit ? 2 : c == 46 ? 3 : 8; break;
        case 2: state = is_digit ? 2 : c == 46 ? 3 : c == 101 || c == 69 ? 5 : 8; break;
        case 3: state = is_digit ? 4 : 8; break;
        case 4: state = is_digit ? 4 : c == 101 || c == 69 ? 5 : 8; break;
        case 5: state = is_digit ? 7 : c == 43 || c == 45 ? 6 : 8; break;
        case 6: state = is_digit ? 7 : 8; break;
        case 7: state = is_digit ? 7 : 8; break;
        default: break;
      }
      hash = hash * 33 + (u64)state;
    }
  }
  return hash + integers + ((u64)fractions << 10) + ((u64)exponents << 20) + ((u64)errors << 30);
}

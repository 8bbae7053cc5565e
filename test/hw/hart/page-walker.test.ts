import test from 'ava';
import { KNOWN_PAGES } from '../../../hw/hart/mmu/page-walker.ts';
import {
  Need,
  PageWalker,
  type TableMemory,
  type TranslationTable,
  type WalkSpace,
} from '../../../hw/hart/mmu/index.ts';
import { sv39, sv39x4, sv48, sv48x4, type TranslationScheme } from '../../../hw/isa/index.ts';

const CASES = 100_000;

/** One access and all that its walk depends on. */
interface WalkRequest extends WalkSpace {
  readonly address: bigint;
  readonly access: 'fetch' | 'load' | 'store';
  /** HLVX, of a load. */
  readonly executeAsRead: boolean;
}

/** A small generator of 32-bit words; the same seed gives the same words. */
function words(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

function pick<T>(next: () => number, from: readonly T[]): T {
  return from[next() % from.length] as T;
}

const indices = [0n, 1n, 511n];
const gigabytes = [0n, 1n, 2n, 3n];
const halfTerabytes = [0n, 1n, 2n, 3n];

/** A page number out of a small pool that has pages, megapages, gigapages and terapages in one another. */
function pageNumber(next: () => number): bigint {
  const large = next() % 6 === 0 ? pick(next, halfTerabytes) << 27n : 0n;
  const base = large | (next() % 8 === 0 ? 0n : pick(next, gigabytes) << 18n);
  switch (next() % 8) {
    case 0:
    case 1:
      return base;
    case 2:
    case 3:
      return base | (pick(next, indices) << 9n);
    case 4:
      return BigInt(next()) | (BigInt(next() % 4096) << 32n);
    default:
      return base | (pick(next, indices) << 9n) | pick(next, indices);
  }
}

/** Memory in which every doubleword is a random but plausible table entry, and some addresses do not answer. */
function memoryOf(seed: number): (address: bigint) => bigint | undefined {
  return (address) => {
    const next = words(seed ^ Number(address & 0xffff_ffffn) ^ Number(address >> 32n));
    next();
    if (next() % 200 === 0) return undefined;
    const page = pageNumber(next) << 10n;
    const kind = next() % 100;
    if (kind < 45) return page | 0x01n | (next() % 4 === 0 ? 0x20n : 0n);
    if (kind < 95) {
      let flags = 0xdfn;
      for (const bit of [0x02n, 0x04n, 0x08n, 0x10n, 0x40n, 0x80n]) {
        if (next() % 10 === 0) flags &= ~bit;
      }
      return page | flags;
    }
    return (
      page | BigInt(next() % 1024) | (next() % 4 === 0 ? 1n << BigInt(54 + (next() % 10)) : 0n)
    );
  };
}

function requestOf(next: () => number): WalkRequest {
  const table = (...schemes: readonly TranslationScheme[]): TranslationTable | undefined =>
    next() % 4 === 0
      ? undefined
      : { scheme: pick(next, schemes), root: Number(pageNumber(next) & ~3n) };
  const stage1 = table(sv39, sv48);
  const width = stage1?.scheme.addressBits ?? pick(next, [39, 48]);
  const virtualPage =
    (pick(next, indices) << 27n) |
    (pick(next, indices) << 18n) |
    (pick(next, indices) << 9n) |
    pick(next, indices);
  const offset = BigInt(next() % 4096);
  const plain = BigInt.asUintN(64, BigInt.asIntN(width, (virtualPage << 12n) | offset));
  const noise = next() % 20 === 0 ? 1n << BigInt(38 + (next() % 26)) : 0n;
  return {
    address: plain ^ noise,
    access: pick(next, ['fetch', 'load', 'store'] as const),
    stage1,
    stage2: table(sv39x4, sv48x4),
    user: next() % 2 === 0,
    sum: next() % 2 === 0,
    stage1Mxr: next() % 2 === 0,
    stage2Mxr: next() % 2 === 0,
    stage1Records: next() % 2 === 0,
    stage2Records: next() % 3 === 0,
    executeAsRead: next() % 8 === 0,
  };
}

// The reference below is written from the manual's algorithm alone, for addresses and entries as BigInt.

type Outcome = string;
interface Found {
  readonly page: bigint;
}

const flag = (entry: bigint, bit: bigint): boolean => ((entry >> bit) & 1n) === 1n;

/** What the walker itself does in a table of stage 1: reads an entry, or sets A and D in it. */
type Implicit = 'read' | 'write' | undefined;

/** What R, W and X say. */
function permits(entry: bigint, request: WalkRequest, mxr: boolean, implicit: Implicit): boolean {
  const [r, w, x] = [1n, 2n, 3n].map((bit) => flag(entry, bit));
  if (implicit !== undefined) return implicit === 'read' ? r === true : w === true;
  switch (request.access) {
    case 'fetch':
      return x === true;
    case 'store':
      return w === true;
    case 'load':
      return request.executeAsRead ? x === true : r === true || (mxr && x === true);
  }
}

/** Whether A and D need no change. */
function isRecorded(entry: bigint, request: WalkRequest, implicit: Implicit): boolean {
  const isStore = implicit === undefined ? request.access === 'store' : implicit === 'write';
  return flag(entry, 6n) && (!isStore || flag(entry, 7n));
}

function isUsable(entry: bigint): boolean {
  return flag(entry, 0n) && entry >> 54n === 0n && !(flag(entry, 2n) && !flag(entry, 1n));
}

function secondStage(
  guest: bigint,
  request: WalkRequest,
  read: (address: bigint) => bigint | undefined,
  implicit: Implicit,
): Found | Outcome {
  const where = `${guest.toString(16)}${implicit === undefined ? '' : ` implicit ${implicit}`}`;
  if (request.stage2 === undefined) return { page: guest >> 12n };
  const isFourLevel = request.stage2.scheme.name === 'Sv48x4';
  if (guest >> (isFourLevel ? 50n : 41n) !== 0n) return `guestPage ${where}`;
  let table = BigInt(request.stage2.root);
  const upper = isFourLevel
    ? ([
        [3n, guest >> 39n],
        [2n, (guest >> 30n) & 511n],
      ] as const)
    : ([[2n, guest >> 30n]] as const);
  for (const [level, index] of [
    ...upper,
    [1n, (guest >> 21n) & 511n],
    [0n, (guest >> 12n) & 511n],
  ] as const) {
    const entry = read(table * 4096n + index * 8n);
    if (entry === undefined) return `access ${guest.toString(16)}`;
    if (!isUsable(entry)) return `guestPage ${where}`;
    const target = (entry >> 10n) & 0xfff_ffff_ffffn;
    if (flag(entry, 1n) || flag(entry, 3n)) {
      const low = (1n << (9n * level)) - 1n;
      const isGood =
        (target & low) === 0n &&
        flag(entry, 4n) &&
        permits(entry, request, request.stage2Mxr, implicit) &&
        (request.stage2Records || isRecorded(entry, request, implicit));
      return isGood ? { page: target | ((guest >> 12n) & low) } : `guestPage ${where}`;
    }
    if ((entry & 0xd0n) !== 0n) return `guestPage ${where}`;
    table = target;
  }
  return `guestPage ${where}`;
}

function reference(request: WalkRequest, read: (address: bigint) => bigint | undefined): Outcome {
  const { address } = request;
  let guestPage = address >> 12n;
  if (request.stage1 !== undefined) {
    const isFourLevel = request.stage1.scheme.name === 'Sv48';
    const upper = address >> (isFourLevel ? 47n : 38n);
    if (upper !== 0n && upper !== (isFourLevel ? 0x1_ffffn : 0x3ff_ffffn)) return 'page';
    let table = BigInt(request.stage1.root);
    let leaf: bigint | undefined;
    let leafPlace = 0n;
    let level = isFourLevel ? 4n : 3n;
    while (leaf === undefined) {
      if (level === 0n) return 'page';
      level -= 1n;
      const where = table * 4096n + ((address >> (12n + 9n * level)) & 511n) * 8n;
      const found = secondStage(where, request, read, 'read');
      leafPlace = where;
      if (typeof found === 'string') return found;
      const entry = read(found.page * 4096n + (where & 4095n));
      if (entry === undefined) return `access ${where.toString(16)}`;
      if (!isUsable(entry)) return 'page';
      if (flag(entry, 1n) || flag(entry, 3n)) leaf = entry;
      else if ((entry & 0xd0n) !== 0n) return 'page';
      else table = (entry >> 10n) & 0xfff_ffff_ffffn;
    }
    const low = (1n << (9n * level)) - 1n;
    const target = (leaf >> 10n) & 0xfff_ffff_ffffn;
    const userPage = flag(leaf, 4n);
    const entitled = request.user
      ? userPage
      : !userPage || (request.sum && request.access !== 'fetch');
    if (!entitled || (target & low) !== 0n) return 'page';
    if (!permits(leaf, request, request.stage1Mxr, undefined)) return 'page';
    if (!isRecorded(leaf, request, undefined)) {
      if (!request.stage1Records) return 'page';
      const place = secondStage(leafPlace, request, read, 'write');
      if (typeof place === 'string') return place;
    }
    guestPage = target | ((address >> 12n) & low);
  }
  const final = secondStage((guestPage << 12n) | (address & 4095n), request, read, undefined);
  return typeof final === 'string' ? final : `frame ${(final.page << 12n).toString(16)}`;
}

/** The memory of a case, in the form in which the walker reads it. */
class Tables implements TableMemory {
  readonly words = new Int32Array(2);
  readonly known = new Int32Array(2 * KNOWN_PAGES).fill(-1);
  entry: (address: bigint) => bigint | undefined = () => undefined;

  find(page: number, index: number): number {
    const entry = this.entry((BigInt(page) << 12n) | BigInt(index * 8));
    if (entry === undefined) return -1;
    new BigInt64Array(this.words.buffer)[0] = entry;
    return 0;
  }

  mark(): boolean {
    return true;
  }
}

const tables = new Tables();
const walker = new PageWalker(tables);

function needOf({ access, executeAsRead }: WalkRequest): Need {
  if (access === 'load') return executeAsRead ? Need.readExecutable : Need.read;
  return access === 'store' ? Need.write : Need.execute;
}

function modelled(request: WalkRequest, read: (address: bigint) => bigint | undefined): Outcome {
  tables.entry = read;
  const { address } = request;
  const outcome = walker.walk(Number(address >> 12n), needOf(request), request);
  if (outcome === 'found') return `frame ${(BigInt(walker.page) << 12n).toString(16)}`;
  if (outcome === 'page') return 'page';
  const { guestPage, guestOffset, isImplicit, isUpdate } = walker;
  const offset = isImplicit ? BigInt(guestOffset) : address & 0xfffn;
  const where = ((BigInt(guestPage) << 12n) | offset).toString(16);
  const kind = isUpdate ? ' implicit write' : ' implicit read';
  return `${outcome} ${where}${outcome === 'guestPage' && isImplicit ? kind : ''}`;
}

test('the two-stage walk agrees with the algorithm of the manual on 100,000 random tables', (t) => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= CASES; seed++) {
    const next = words(seed * 0x9e37);
    const request = requestOf(next);
    const memory = memoryOf(next());
    const read = (address: bigint): bigint | undefined =>
      address > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : memory(address);
    const expected = reference(request, read);
    const actual = modelled(request, read);
    if (actual !== expected) t.fail(`seed ${String(seed)}: ${actual}, manual: ${expected}`);
    const kind = expected.replace(/ [0-9a-f]+/, '');
    const schemes = `${request.stage1?.scheme.name ?? 'bare'} ${request.stage2?.scheme.name ?? 'bare'}`;
    for (const key of [kind, ...(kind === 'frame' ? [schemes] : [])]) {
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  for (const kind of [
    'frame',
    'page',
    'guestPage',
    'guestPage implicit read',
    'guestPage implicit write',
    'access',
  ]) {
    const least = kind === 'guestPage implicit write' ? 10 : 500;
    t.true((seen.get(kind) ?? 0) > least, `${kind}: ${String(seen.get(kind))}`);
  }
  for (const first of ['bare', 'Sv39', 'Sv48']) {
    for (const second of ['bare', 'Sv39x4', 'Sv48x4']) {
      const count = seen.get(`${first} ${second}`) ?? 0;
      t.true(count > 50, `${first} over ${second} succeeds ${String(count)} times`);
    }
  }
});

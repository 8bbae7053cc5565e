import test from 'ava';
import { Leaf, RAM, TranslationUnit } from './translation-unit.ts';

const SUM = 1n << 18n;
const MXR = 1n << 19n;
const MPRV = 1n << 17n;
const MPV = 1n << 39n;
const S_MPP = 1n << 11n;

const HOST = RAM + 0x4000;
const GUEST = RAM + 0x1_0000; // a guest physical and, through stage 2, host physical address
const STAGE2 = RAM + 0x8000;
const PAGE = 0x40_0000;

/** A host address space with one page, under ASID 1. */
function host(bits: bigint): TranslationUnit {
  const unit = new TranslationUnit();
  unit.map(HOST, PAGE, RAM, bits);
  unit.set({ satp: unit.root(HOST, 1n) });
  return unit;
}

/** A guest of VM 1 with one page; its tables and the page are mapped one to one by stage 2. */
function guest(bits: bigint, stage2Bits: bigint = Leaf.user): TranslationUnit {
  const unit = new TranslationUnit();
  unit.map(GUEST, PAGE, RAM + 0x2_0000, bits);
  for (const page of [GUEST, GUEST + 0x1000, GUEST + 0x2000]) {
    unit.map(STAGE2, page, page, Leaf.user, 4);
  }
  unit.map(STAGE2, RAM + 0x2_0000, RAM + 0x3_0000, stage2Bits, 4);
  unit.set({ virtual: true, vsatp: unit.root(GUEST, 1n), hgatp: unit.root(STAGE2), vmid: 1 });
  return unit;
}

test('S mode reaches a user page only with SUM, and never fetches from it', (t) => {
  const unit = host(Leaf.user);
  t.is(unit.outcome(PAGE, 'load'), 'load page');
  unit.set({ mstatus: SUM });
  t.is(unit.access(PAGE + 8, 'load'), RAM + 8);
  t.is(unit.outcome(PAGE, 'fetch'), 'fetch page');
  unit.set({ mstatus: 0n });
  t.is(unit.outcome(PAGE, 'load'), 'load page', 'a cached translation forgets nothing');
  unit.set({ privilege: 0 });
  t.is(unit.access(PAGE, 'load'), RAM);
});

test('an execute-only page is readable with MXR', (t) => {
  const unit = host(0xc9n);
  t.is(unit.outcome(PAGE, 'load'), 'load page');
  t.is(unit.outcome(PAGE, 'fetch'), 'ok');
  unit.set({ mstatus: MXR });
  t.is(unit.outcome(PAGE, 'load'), 'ok');
});

test('vsstatus.MXR makes executable readable in stage 1 alone, sstatus.MXR in both stages', (t) => {
  const stage1Only = guest(0xc9n);
  t.is(stage1Only.outcome(PAGE, 'load'), 'load page');
  stage1Only.set({ vsstatus: MXR });
  t.is(stage1Only.outcome(PAGE, 'load'), 'ok');
  const both = guest(0xc9n, 0xd9n);
  both.set({ vsstatus: MXR });
  t.is(both.outcome(PAGE, 'load'), 'load guestPage');
  both.set({ mstatus: MXR });
  t.is(both.outcome(PAGE, 'load'), 'ok');
});

test('hardware sets neither A nor D: a page without them faults', (t) => {
  t.is(host(0x8fn).outcome(PAGE, 'load'), 'load page');
  const unit = host(0x4fn);
  t.is(unit.outcome(PAGE, 'load'), 'ok');
  t.is(unit.outcome(PAGE, 'store'), 'store page');
  t.is(guest(Leaf.supervisor, 0x5fn).outcome(PAGE, 'store'), 'store guestPage');
});

test('a store after software set D needs no fence', (t) => {
  const unit = host(0x4fn);
  t.is(unit.outcome(PAGE, 'load'), 'ok');
  unit.map(HOST, PAGE, RAM, Leaf.supervisor);
  t.is(unit.outcome(PAGE, 'store'), 'ok');
});

test('an address that is not sign-extended is a page fault', (t) => {
  const unit = host(Leaf.supervisor);
  t.is(unit.outcome(1n << 39n, 'load'), 'load page');
  t.is(unit.outcome(BigInt(PAGE) | (1n << 63n), 'fetch'), 'fetch page');
});

test('a guest physical address beyond 41 bits is a guest-page fault that reports it', (t) => {
  const unit = guest(Leaf.supervisor);
  unit.set({ vsatp: 0n });
  const address = (1n << 41n) | 0x123n;
  const fault = unit.access(address, 'load');
  t.like(fault, {
    kind: 'guestPage',
    guestAddress: address,
    isGuestVirtual: true,
    implicit: false,
  });
});

test('a guest-page fault on a stage-1 table reports the address of the table entry, as implicit', (t) => {
  const unit = guest(Leaf.supervisor);
  unit.map(STAGE2, GUEST + 0x2000, GUEST, 0n, 4);
  const fault = unit.access(PAGE, 'store');
  const entry = BigInt(GUEST + 0x2000 + (Math.floor(PAGE / 4096) % 512) * 8);
  t.like(fault, { kind: 'guestPage', access: 'store', guestAddress: entry, implicit: true });
});

test('MPRV with MPP=S and MPV makes data accesses of M go through both stages, fetches none', (t) => {
  const unit = guest(Leaf.supervisor);
  unit.set({ privilege: 3, virtual: false, mstatus: MPRV | MPV | S_MPP });
  t.is(unit.access(PAGE + 4, 'load'), RAM + 0x3_0004);
  t.is(unit.access(RAM + 4, 'fetch'), RAM + 4);
  unit.set({ mstatus: MPRV | MPV | (3n << 11n) });
  t.is(unit.access(RAM + 4, 'load'), RAM + 4, 'MPP=M is never virtual');
});

test('HLV translates as VS or VU by SPVP, HLVX asks for execute permission in both stages', (t) => {
  const unit = guest(Leaf.user, 0xdbn);
  unit.set({ virtual: false });
  t.is(unit.outcome(PAGE, 'hlv'), 'load page', 'VS may not read a user page');
  unit.set({ guestIsSupervisor: false });
  t.is(unit.access(PAGE, 'hlv'), RAM + 0x3_0000);
  t.is(unit.outcome(PAGE, 'hlvx'), 'ok');
  unit.map(GUEST, PAGE, RAM + 0x2_0000, 0xd7n);
  unit.mmu.tlb.flush();
  t.is(unit.outcome(PAGE, 'hlv'), 'ok');
  t.is(unit.outcome(PAGE, 'hlvx'), 'load page');
});

test('a translation is walked once: 3 reads in one stage, 3 and 12 in two', (t) => {
  const one = host(Leaf.supervisor);
  const two = guest(Leaf.supervisor);
  for (const unit of [one, two]) {
    unit.access(PAGE, 'load');
    unit.access(PAGE + 8, 'store');
    unit.access(PAGE + 16, 'fetch');
  }
  t.deepEqual(one.walks, [[3, 0]]);
  t.deepEqual(two.walks, [[3, 12]]);
});

test('translations of host and guest, and of two address spaces, stand side by side', (t) => {
  const unit = guest(Leaf.supervisor);
  t.is(unit.access(PAGE, 'load'), RAM + 0x3_0000);
  unit.map(HOST, PAGE, RAM + 0x5000, Leaf.supervisor);
  unit.set({ virtual: false, satp: unit.root(HOST, 1n) });
  t.is(unit.access(PAGE, 'load'), RAM + 0x5000);
  unit.set({ virtual: true });
  t.is(unit.access(PAGE, 'load'), RAM + 0x3_0000);
  unit.set({ vmid: 2, hgatp: 0n, vsatp: 0n });
  t.is(unit.access(RAM, 'load'), RAM);
  t.is(unit.walks.length, 2);
});

test('the store of translations is bounded, and displaces the same ones every time', (t) => {
  const walks = (): number => {
    const unit = new TranslationUnit();
    unit.entry(HOST, 1, 0x8000_0000, Leaf.supervisor);
    unit.set({ satp: unit.root(HOST) });
    for (const round of [0, 1]) {
      for (let page = 0; page < 4096; page++) {
        unit.access(0x4000_0000 + page * 4096 + round, 'load');
      }
    }
    return unit.walks.length;
  };
  const first = walks();
  t.true(first > 4096);
  t.is(walks(), first);
});

import test from 'ava';
import { checkedUnit, grant, Leaf, RAM, type TranslationUnit } from './translation-unit.ts';

const GUEST = RAM + 0x1_0000;
const STAGE2 = RAM + 0x8000;
const PAGE = 0x40_0000;
const INSIDE = RAM + 0x2_0000;
const OUTSIDE = RAM + 0x4_0000;
const GUEST_PAGE = RAM + 0x2_0000;

/** A guest whose tables, both stages, lie inside its grant or not, and whose page is at `target`. */
function guest(unit: TranslationUnit, target: number): TranslationUnit {
  unit.map(GUEST, PAGE, GUEST_PAGE, Leaf.supervisor);
  for (const page of [GUEST, GUEST + 0x1000, GUEST + 0x2000]) {
    unit.map(STAGE2, page, page, Leaf.user, 4);
  }
  unit.map(STAGE2, GUEST_PAGE, target, Leaf.user, 4);
  unit.set({ virtual: true, vsatp: unit.root(GUEST), hgatp: unit.root(STAGE2), vmid: 1 });
  return unit;
}

const kinds = ['load', 'store', 'fetch'] as const;
const [LOW, HIGH] = [RAM + 0x8000, RAM + 0x3_0000] as const;

for (const kind of kinds) {
  test(`a guest's ${kind} inside its V range is allowed`, (t) => {
    t.is(guest(checkedUnit({}, LOW, HIGH), INSIDE).outcome(PAGE, kind), 'ok');
  });
  test(`a guest's ${kind} outside every V range is an access fault that reports the guest physical address`, (t) => {
    const fault = guest(checkedUnit({}, LOW, HIGH), OUTSIDE).access(PAGE + 0x10, kind);
    t.like(fault, {
      kind: 'access',
      access: kind,
      isGuestVirtual: true,
      guestAddress: BigInt(GUEST_PAGE + 0x10),
    });
  });
  test(`a guest's ${kind} that the V range does not permit is an access fault`, (t) => {
    const unit = guest(checkedUnit({}, LOW, HIGH), INSIDE);
    const bit = { load: 1, store: 2, fetch: 4 }[kind];
    t.is(unit.outcome(PAGE, kind), 'ok');
    // The walker needs to read in any case; W without R is reserved.
    grant(unit, LOW, HIGH, kind === 'load' ? 4 : 7 & ~bit);
    t.is(unit.outcome(PAGE, kind), `${kind} access`);
  });
}

for (const kind of ['hlv', 'hlvx', 'hsv'] as const) {
  test(`${kind} of the host is checked like the guest's own access`, (t) => {
    const inside = guest(checkedUnit({}, LOW, HIGH), INSIDE);
    inside.set({ virtual: false });
    t.is(inside.outcome(PAGE, kind), 'ok');
    const outside = guest(checkedUnit({}, LOW, HIGH), OUTSIDE);
    outside.set({ virtual: false });
    t.is(outside.outcome(PAGE, kind), `${kind === 'hsv' ? 'store' : 'load'} access`);
  });
}

test('accesses of the host ignore V ranges', (t) => {
  const unit = checkedUnit({}, LOW, HIGH);
  grant(unit, LOW, HIGH, 0);
  for (const kind of kinds) t.is(unit.outcome(INSIDE, kind), 'ok');
});

test('with hostAccess match a V range stops the host too', (t) => {
  const unit = checkedUnit({ hostAccess: 'match' }, LOW, HIGH);
  grant(unit, LOW, HIGH, 0);
  for (const kind of kinds) t.is(unit.outcome(INSIDE, kind), `${kind} access`);
});

test("the walker's reads of both stages need the V range, unless unchecked", (t) => {
  const tables = [LOW, RAM + 0x2_0000, RAM + 0x3_0000] as const;
  const [, above, end] = tables;
  // Tables outside, page inside.
  t.is(guest(checkedUnit({}, above, end), INSIDE).outcome(PAGE, 'load'), 'load access');
  const unchecked = guest(checkedUnit({ walker: 'unchecked' }, above, end), INSIDE);
  t.is(unchecked.outcome(PAGE, 'load'), 'ok');
  // Stage-2 tables inside, stage-1 tables outside.
  const stage2Only = guest(checkedUnit({}, LOW, RAM + 0x1_0000), INSIDE);
  t.like(stage2Only.access(PAGE, 'store'), { kind: 'access', access: 'store' });
});

test('a revoked range is refused at once, cached translation or not, and a new grant is seen at once', (t) => {
  const unit = guest(checkedUnit({}, LOW, HIGH), INSIDE);
  t.is(unit.outcome(PAGE, 'load'), 'ok');
  grant(unit, LOW, INSIDE);
  t.is(unit.outcome(PAGE, 'load'), 'load access');
  grant(unit, LOW, HIGH);
  t.is(unit.outcome(PAGE, 'load'), 'ok');
});

test('without the V bit a guest is checked by plain protection alone', (t) => {
  const unit = guest(checkedUnit({ kind: 'none' }, LOW, RAM + 0x1000), OUTSIDE);
  t.is(unit.outcome(PAGE, 'store'), 'ok');
});

test('a range that ends inside a page is exact to its last byte, whether the page is cached or not', (t) => {
  const unit = guest(checkedUnit({ granularity: 4 }, LOW, INSIDE + 0x800), INSIDE);
  for (const round of ['first', 'again']) {
    t.is(unit.outcome(PAGE + 0x7fc, 'load'), 'ok', round);
    t.is(unit.outcome(PAGE + 0x7fe, 'load'), 'load access', `${round}: half of it is outside`);
    t.is(unit.outcome(PAGE + 0x800, 'store'), 'store access', round);
  }
});

import test from 'ava';
import { hasPassed, linesOf, runGuests, type Ended } from '../boot-guests.ts';

const measured = (set: readonly string[]): Promise<Ended> =>
  runGuests([{ guest: 'measure' }], { set });

/** Mean cycles that the measuring guest reports for a primitive. */
function meanOf({ console }: Ended, primitive: string): number {
  const line = linesOf(console, 'measure').find((text) => text.includes(` ${primitive} `));
  return Number(/mean=(\d+)/.exec(line ?? '')?.[1]);
}

function exitCount({ machine }: Ended, cause: string): number {
  const summaries = machine.harts.flatMap(({ exits }) => exits.summaries());
  return summaries
    .filter((summary) => summary.cause === cause && summary.handler === 'HU')
    .reduce((sum, { total }) => sum + total.count, 0);
}

const paper = measured([]);

test('a guest timer that expires directly costs no exit', async (t) => {
  const ended = await paper;
  t.true(hasPassed(ended), ended.console);
  t.is(exitCount(ended, 'utip'), 0);
});

test('vtimer.expiry exit: each expiry is an exit, and the interrupt comes later', async (t) => {
  const ended = await measured(['harts.dvExt.vtimer.expiry=exit']);
  t.true(hasPassed(ended), ended.console);
  t.true(exitCount(ended, 'utip') >= 100);
  t.true(meanOf(ended, 'timer-interrupt') > meanOf(await paper, 'timer-interrupt'));
});

test('tinst on: device accesses are emulated without fetching the instruction', async (t) => {
  const ended = await measured(['harts.dvExt.tinst=on']);
  t.true(hasPassed(ended), ended.console);
  t.true(meanOf(ended, 'mmio-read') < meanOf(await paper, 'mmio-read'));
  t.true(meanOf(ended, 'mmio-write') < meanOf(await paper, 'mmio-write'));
});

test('hufence all: a first touch costs the translations of the whole guest', async (t) => {
  const ended = await measured(['harts.dvExt.hufence=all']);
  t.true(hasPassed(ended), ended.console);
  t.true(meanOf(ended, 'first-touch') > meanOf(await paper, 'first-touch'));
});

test('vmidBits 0: a VM runs without tags', async (t) => {
  const ended = await measured(['harts.dvExt.vmidBits=0']);
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(linesOf(ended.console, 'result'), linesOf((await paper).console, 'result'));
});

test('a machine whose DV-Ext lacks what the driver needs refuses the VM and ends', async (t) => {
  const { console, end } = await runGuests([{ guest: 'hello' }], {
    platform: 'prototype-2hart',
  });
  t.regex(console, /cannot open \/dev\/dv-driver: result -19/);
  t.deepEqual(end.kind === 'verdict' && end.verdict, { kind: 'failed', code: 1 });
});

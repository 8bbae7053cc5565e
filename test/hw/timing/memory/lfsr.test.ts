import test from 'ava';
import { Lfsr } from '../../../../hw/timing/memory/lfsr.ts';
import { StateArea } from '../../../../hw/timing/memory/state-area.ts';

function stepped(steps: number): Lfsr {
  const lfsr = new Lfsr(new StateArea());
  for (let step = 0; step < steps; step++) lfsr.step();
  return lfsr;
}

test('after reset bit 0 alone is set', (t) => {
  t.is(stepped(0).bits(0, 16), 1);
});

test('it shifts towards the high bits until the first tap, bit 10, is reached', (t) => {
  t.is(stepped(10).bits(0, 16), 1 << 10);
  t.is(stepped(11).bits(0, 16), (1 << 11) | 1);
});

test('bits 12, 13 and 15 feed back too', (t) => {
  // Bits 12 and 1 are set, then 13 and 2 with the bit that 12 fed back, then the one of 13 and so on.
  t.is(stepped(13).bits(0, 16), (1 << 13) | 0b101);
  t.is(stepped(14).bits(0, 16), (1 << 14) | 0b1011);
  t.is(stepped(16).bits(0, 16), 0b10_1101);
});

test('every state but 0 comes once', (t) => {
  const lfsr = stepped(0);
  let period = 0;
  do {
    lfsr.step();
    period += 1;
  } while (lfsr.bits(0, 16) !== 1);
  t.is(period, 2 ** 16 - 1);
});

test('a part of the bits is asked for by its lowest', (t) => {
  t.is(stepped(11).bits(10, 3), 0b010);
});

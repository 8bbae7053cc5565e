import { amoadd_d, cstr, ld, sd } from '../../shared/rv.ts';
import { takeInterrupts, takePending } from '../runtime/interrupts.ts';
import { MAXIMUM_HARTS } from '../runtime/limits.ts';
import { hartCount } from '../runtime/machine.ts';
import { allowSource, enableSource } from '../runtime/plic.ts';
import { check } from '../runtime/verdict.ts';
import { postVector } from './post.ts';
import { strayInterrupts } from './ring.ts';

/** Posts from each hart to each other one. */
const ROUNDS: u64 = 20;
/** Vector by which hart 0 asks, and by which it answers; the others count on. */
const ASKS: u64 = 16;
const ANSWERS: u64 = 32;

/** Per hart, what it was asked by and answered by each other one. */
const asked: usize = memory.data(8 * MAXIMUM_HARTS * MAXIMUM_HARTS, 64);
const answered: usize = memory.data(8 * MAXIMUM_HARTS * MAXIMUM_HARTS, 64);
const strays: usize = memory.data(8, 64);
const finished: usize = memory.data(8, 64);

function cell(table: usize, hart: u64, other: u64): usize {
  return table + <usize>((hart * MAXIMUM_HARTS + other) << 3);
}

function add(place: usize): void {
  sd(place, ld(place, 0) + 1, 0);
}

/** Lets every other hart ask and answer this one. */
export function prepareVectors(hart: u64): void {
  for (let other: u64 = 0; other < hartCount; other++) {
    allowSource(<u32>(ASKS + other));
    allowSource(<u32>(ANSWERS + other));
    enableSource(hart, <u32>(ASKS + other));
    enableSource(hart, <u32>(ANSWERS + other));
  }
}

/** A vector has arrived: a question is answered, everything is counted. */
export function serveVector(hart: u64, vector: u64): void {
  if (vector - ANSWERS < hartCount) add(cell(answered, hart, vector - ANSWERS));
  else if (vector - ASKS < hartCount) {
    add(cell(asked, hart, vector - ASKS));
    postVector(vector - ASKS, ANSWERS + hart);
  } else amoadd_d(strays, 1);
}

/** Asks every other hart again and again, each time until it has answered. */
export function exchangeVectors(hart: u64): void {
  for (let round: u64 = 1; round <= ROUNDS; round++) {
    for (let other: u64 = 0; other < hartCount; other++) {
      if (other == hart) continue;
      postVector(other, ASKS + hart);
      while (ld(cell(answered, hart, other), 0) < round) takeInterrupts();
    }
  }
  amoadd_d(finished, 1);
  // the others still ask; the last answer interrupts nobody here, so there is nothing to wait for
  while (ld(finished, 0) < hartCount) takePending();
  if (hart == 0) report();
}

function report(): void {
  let questions: u64 = 0;
  let answers: u64 = 0;
  for (let hart: u64 = 0; hart < hartCount; hart++) {
    for (let other: u64 = 0; other < hartCount; other++) {
      questions += ld(cell(asked, hart, other), 0);
      answers += ld(cell(answered, hart, other), 0);
    }
    amoadd_d(strays, strayInterrupts(hart));
  }
  const pairs = hartCount * (hartCount - 1);
  check(cstr('questions'), questions, ROUNDS * pairs);
  check(cstr('answers'), answers, ROUNDS * pairs);
  check(cstr('strays'), ld(strays, 0), 0);
}

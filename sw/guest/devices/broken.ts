import { cstr } from '../../shared/rv.ts';
import { VIRTIO_STATUS_DEVICE_NEEDS_RESET } from '../../shared/virtio.ts';
import { complain, endLine, put, putHex } from '../runtime/console.ts';
import { takePending } from '../runtime/interrupts.ts';
import { check } from '../runtime/verdict.ts';
import { VirtioPort } from '../virtio/discover.ts';
import { hasInterrupt, statusOf } from '../virtio/port.ts';
import { takeUsed } from '../virtio/queue.ts';
import { RULES, breakRule, untouched } from './malformed.ts';
import { SCRAMBLES, isGuardWhole, scramble } from './scramble.ts';
import {
  VICTIMS,
  Victim,
  doesWork,
  nameOfVictim,
  openVictim,
  portOfVictim,
  queueOfVictim,
  rouse,
} from './victim.ts';

/** How often the status is looked at: a device may notice on a thread of its own. */
const PATIENCE: u32 = 100;

/** Breaks every rule of every queue of the machine's devices. */
export function breakAllRules(): void {
  for (let victim: Victim = 0; victim < VICTIMS; victim++) {
    const port = portOfVictim(victim);
    if (port === null) continue;
    put(cstr('malformed: '));
    put(nameOfVictim(victim));
    endLine();
    breakRules(victim, port);
    scrambleRings(victim, port);
  }
}

function needsReset(port: VirtioPort): bool {
  return (statusOf(port) & VIRTIO_STATUS_DEVICE_NEEDS_RESET) != 0;
}

function awaitBreak(port: VirtioPort): bool {
  for (let look: u32 = 0; look < PATIENCE; look++) {
    if (needsReset(port)) return true;
  }
  return false;
}

/** Takes interrupts until there was one more of the configuration than before, which may come behind the status. */
function awaitConfigInterrupt(port: VirtioPort, before: u64): void {
  if (!hasInterrupt(port)) return;
  for (let look: u32 = 0; look < PATIENCE && port.configInterrupts == before; look++) {
    takePending();
    statusOf(port);
  }
}

function complainOf(victim: Victim, reason: usize, rule: u32): void {
  put(nameOfVictim(victim));
  complain(reason, rule);
}

/**
 * Breaks every rule once. Each time the device must say that it needs a reset, by its status and an interrupt, use no buffer any more,
 * and work again after the reset (virtio 2.1.2).
 */
function breakRules(victim: Victim, port: VirtioPort): void {
  let broken: u64 = 0;
  let silent: u64 = 0;
  let recovered: u64 = 0;
  const before = port.configInterrupts;
  for (let rule: u32 = 0; rule < RULES; rule++) {
    if (!openVictim(victim, port)) complainOf(victim, cstr(' does not open, rule'), rule);
    const interrupts = port.configInterrupts;
    breakRule(victim, rule);
    if (awaitBreak(port)) broken++;
    else complainOf(victim, cstr(' has not noticed, rule'), rule);
    awaitConfigInterrupt(port, interrupts);
    if (!takeUsed(queueOfVictim(victim)) && load<u64>(untouched) == 0) silent++;
    else complainOf(victim, cstr(' used a buffer, rule'), rule);
    store<u64>(untouched, 0);
    if (openVictim(victim, port) && doesWork(victim)) recovered++;
    takePending();
  }
  check(cstr('malformed-noticed'), broken, RULES);
  check(cstr('malformed-not-used'), silent, RULES);
  check(cstr('malformed-recovered'), recovered, RULES);
  if (hasInterrupt(port))
    check(cstr('malformed-interrupts'), port.configInterrupts - before, RULES);
}

/** Fills the queue with random descriptors and rings: whatever the device does, it writes nothing outside RAM's scratch area, and works after a reset. */
function scrambleRings(victim: Victim, port: VirtioPort): void {
  let recovered: u64 = 0;
  let broken: u64 = 0;
  for (let round: u32 = 0; round < SCRAMBLES; round++) {
    openVictim(victim, port);
    scramble(queueOfVictim(victim), round);
    rouse(victim);
    if (awaitBreak(port)) broken++;
    takePending();
    if (openVictim(victim, port) && doesWork(victim)) recovered++;
    takePending();
  }
  check(cstr('scrambled-recovered'), recovered, SCRAMBLES);
  check(cstr('scrambled-guard'), isGuardWhole() ? 1 : 0, 1);
  put(cstr('scrambled: broken '));
  putHex(broken);
  endLine();
}

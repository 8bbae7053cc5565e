import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrs, csrw, cstr, lw, sw, sym_addr } from '../shared/rv.ts';
import { fdtTotalSize, isFdt } from '../shared/fdt-reader.ts';
import { acquire, release } from '../shared/spin-lock.ts';
import { probeDriver } from '../dv-driver/features.ts';
import { hasPosting, probePosting, probePostingAgain } from '../dv-driver/posting.ts';
import { doesConsoleInterrupt } from './console-input.ts';
import { hasDisk } from './disk.ts';
import { ALL_COUNTERS, currentHart, Hart, HART_CAPACITY, noteStarted } from './hart.ts';
import { startProcesses } from './init.ts';
import {
  consoleSource,
  diskSource,
  hartMask,
  initrdEnd,
  initrdStart,
  postedSource,
  ramEnd,
  ramStart,
  readMachine,
} from './machine.ts';
import { initAddressSpaces, kernelRoot, useRoot } from './memory/address-space.ts';
import { isUsable, nicAt, nicCount } from './network/nic.ts';
import { initFrames, reserveFrames } from './memory/frames.ts';
import { panic } from './panic.ts';
import { enableSource } from './plic.ts';
import { noteEnd } from './process/ending.ts';
import { FOREVER, Thread } from './process/thread.ts';
import { startHart } from './sbi-client.ts';
import { chooseThread, kernelLock } from './scheduler.ts';

/** Gives the hart its idle thread and interrupt sources. */
function initHart(id: u64): Hart {
  const hart = currentHart();
  const idle = changetype<Thread>(sym_addr('idle_threads') + id * offsetof<Thread>());
  idle.hart = hart;
  idle.runsOn = hart;
  idle.vcpu = null;
  idle.kvm = null;
  hart.id = id;
  hart.idle = idle;
  hart.current = idle;
  hart.root = 0;
  hart.timer = FOREVER;
  hart.preemptionDepth = 0;
  csrw(csr.sscratch, changetype<u64>(idle));
  csrw(csr.scounteren, ALL_COUNTERS);
  csrw(csr.sie, (1 << interrupt.ssip) | (1 << interrupt.stip));
  useRoot(kernelRoot);
  noteStarted(id);
  return hart;
}

/** Number of harts that have come up; a word that harts wait for. */
const arrived: usize = memory.data(8, 8);

function startLaterHarts(self: u64): void {
  for (let id: u64 = 0; id < HART_CAPACITY; id++) {
    if (id == self || ((hartMask >> id) & 1) == 0) continue;
    const before = lw(arrived, 0);
    if (startHart(id, sym_addr('entry'), 0) != 0) continue;
    while (lw(arrived, 0) == before) {}
  }
}

/** The boot hart is told of a device's interrupts. */
function listenTo(source: u32, id: u64): void {
  enableSource(source, id);
  csrs(csr.sie, 1 << interrupt.seip);
}

function listenToNics(id: u64): void {
  for (let index: u64 = 0; index < nicCount(); index++) {
    const nic = nicAt(index);
    if (!isUsable(nic)) continue;
    listenTo(nic.sendSource, id);
    listenTo(nic.receiveSource, id);
  }
}

/** First code on the boot hart: learns the machine, starts the other harts and the processes, returns the first thread to run. */
export function bootFirstHart(id: u64, deviceTree: usize): Thread {
  if (!isFdt(deviceTree)) panic(cstr('no device tree'));
  readMachine(deviceTree);
  if (ramEnd == 0) panic(cstr('no memory in the device tree'));
  initFrames(ramStart, ramEnd, sym_addr('image_end'));
  reserveFrames(deviceTree, deviceTree + fdtTotalSize(deviceTree));
  reserveFrames(initrdStart, initrdEnd);
  initAddressSpaces(ramStart, ramEnd);
  const hart = initHart(id);
  probeDriver();
  probePosting();
  if (hasPosting) listenTo(postedSource, id);
  if (hasDisk()) listenTo(diskSource, id);
  if (doesConsoleInterrupt()) listenTo(consoleSource, id);
  listenToNics(id);
  startLaterHarts(id);
  acquire(kernelLock);
  startProcesses(hart);
  noteEnd();
  const thread = chooseThread(hart);
  release(kernelLock);
  return thread;
}

/** First code on a hart that the boot hart started. */
export function bootLaterHart(id: u64): Thread {
  const hart = initHart(id);
  probePostingAgain();
  sw(arrived, lw(arrived, 0) + 1, 0);
  acquire(kernelLock);
  const thread = chooseThread(hart);
  release(kernelLock);
  return thread;
}

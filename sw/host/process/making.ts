import * as csr from 'rv/csr';
import { zeroBytes } from '../../shared/bytes.ts';
import { Registers } from '../../shared/registers.ts';
import { openStandardFiles } from '../files.ts';
import { AREA_FREE } from '../memory/area.ts';
import { makeRoot } from '../memory/address-space.ts';
import { MAP_START } from '../memory/user-addresses.ts';
import { placeThread } from '../scheduler.ts';
import { AREA_CAPACITY, areaAt, freeProcess, Process } from './process.ts';
import {
  FOREVER,
  noteThreadRow,
  Thread,
  THREAD_CAPACITY,
  THREAD_FREE,
  THREAD_WAITING,
  threadAt,
} from './thread.ts';

/** Thread and process ids, from one sequence. */
let nextId: u64 = 1;

/**
 * Makes a thread of a process: registers zero, user mode with interrupts on; it waits until somebody wakes it. Null when
 * there is no row or no hart for it.
 */
export function makeThread(process: Process, affinity: u64): Thread | null {
  for (let i: u64 = 0; i < THREAD_CAPACITY; i++) {
    const thread = threadAt(i);
    if (thread.state != THREAD_FREE) continue;
    zeroBytes(changetype<usize>(thread), offsetof<Registers>());
    thread.affinity = affinity;
    noteThreadRow(i);
    if (!placeThread(thread)) return null;
    thread.id = process.threadCount == 0 ? process.id : nextId++;
    thread.status = csr.sstatus_spie;
    thread.process = process;
    thread.deadline = FOREVER;
    thread.futex = 0;
    thread.clearAtEnd = 0;
    thread.vcpu = null;
    thread.kvm = null;
    thread.runsOn = thread.hart;
    thread.state = THREAD_WAITING;
    process.threadCount++;
    return thread;
  }
  return null;
}

/** Makes a process without threads: an empty address space and the console; null when there is no row or no memory. */
export function makeProcess(path: usize): Process | null {
  const process = freeProcess();
  if (process === null) return null;
  const root = makeRoot();
  if (root == 0) return null;
  for (let i: u64 = 0; i < AREA_CAPACITY; i++) areaAt(process, i).kind = AREA_FREE;
  process.id = nextId++;
  process.root = root;
  process.threadCount = 0;
  process.isEnding = 0;
  process.mayEndOthers = 0;
  process.status = 0;
  process.mapNext = MAP_START;
  process.path = path;
  process.vm = null;
  process.kvm = null;
  openStandardFiles(process);
  return process;
}

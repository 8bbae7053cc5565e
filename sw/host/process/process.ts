import { sym_addr } from '../../shared/rv.ts';
import { Vm } from '../../dv-driver/vm.ts';
import { KvmVm } from '../../kvm/vm.ts';
import { Area } from '../memory/area.ts';
import { OpenFile } from '../files.ts';

/** Most processes at a time. */
const PROCESS_CAPACITY: u64 = 16;
/** Open files of one process. */
export const FILE_CAPACITY: u64 = 16;
/** Memory areas of one process. */
export const AREA_CAPACITY: u64 = 48;

/** One process: an address space, its threads, its files. */
@unmanaged
export class Process {
  /** Process id, 0 = this row is free. */
  id: u64;
  /** Root of the Sv39 table. */
  root: usize;
  /** Threads that are left. */
  threadCount: u64;
  /** 1 when the process is to end: its threads end as soon as the kernel sees them. */
  isEnding: u64;
  /** Exit status, valid when it ends. */
  status: u64;
  /** 1 when it may end other processes, as /etc/init says. */
  mayEndOthers: u64;
  /** Where mmap places the next area. */
  mapNext: u64;
  /** Path it was started from. */
  path: usize;
  /** Its VM when it opened the DV-driver, else null. */
  vm: Vm | null;
  /** Its VM when it opened the in-kernel hypervisor, else null. */
  kvm: KvmVm | null;
}

const AREAS_OFFSET: usize = 256;
const FILES_OFFSET: usize = AREAS_OFFSET + <usize>AREA_CAPACITY * offsetof<Area>();
const ROW_BYTES: usize = FILES_OFFSET + <usize>FILE_CAPACITY * offsetof<OpenFile>();

/** Row `index` of the process table; its areas and files follow it there. */
function processAt(index: u64): Process {
  return changetype<Process>(sym_addr('processes') + index * ROW_BYTES);
}

/** Area row `index` of a process. */
export function areaAt(process: Process, index: u64): Area {
  return changetype<Area>(changetype<usize>(process) + AREAS_OFFSET + index * offsetof<Area>());
}

/** Open file `index` of a process. */
export function fileAt(process: Process, index: u64): OpenFile {
  return changetype<OpenFile>(
    changetype<usize>(process) + FILES_OFFSET + index * offsetof<OpenFile>(),
  );
}

/** The process with an id, or null; of id 0 a free row. */
export function processById(id: u64): Process | null {
  for (let i: u64 = 0; i < PROCESS_CAPACITY; i++) {
    const process = processAt(i);
    if (process.id == id) return process;
  }
  return null;
}

/** A free row, or null. */
export function freeProcess(): Process | null {
  return processById(0);
}

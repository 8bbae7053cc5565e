import { PAGE } from '../../shared/page.ts';
import { amoadd_d, cstr, lr_d, probe, sc_d } from '../../shared/rv.ts';
import { zeroBytes } from '../../shared/bytes.ts';
import { DV_SET_STAGE2_ROOT } from '../../dv-driver/abi.ts';
import { STATUS_DRIVER, failWith } from '../../vmm/failure.ts';
import { control } from '../../vmm/host.ts';
import { driver, grantMemory, physicalOf } from '../vm/driver.ts';
import { MAXIMUM_VCPUS } from '../../vmm/limits.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { isRam, ramSize } from '../../vmm/guest-ram.ts';
import { physicalOfRam } from './granted-ram.ts';
import { inStage2Mapping } from '../../planted-bugs/points.ts';

/** Bytes a leaf of level 1 maps. */
const MEGAPAGE: u64 = 0x20_0000;
/** The root of Sv39x4 is four pages long (priv 18.5.1). */
const ROOT_BYTES: u64 = 4 * PAGE;

/** Table pages on the way to the guest's interrupt controller, which lies in two stretches of 2 MiB. */
const CONTROLLER_TABLES: u64 = 3;

const VALID: u64 = 1;
const LEAF_MASK: u64 = 0xe;
/** V, R, W, X, U (every stage-2 leaf needs it, priv 18.5.1), A and D (harts that do not set them fault, priv 18.5.1). */
const RAM_LEAF: u64 = 0xdf;

let tablesHost: usize = 0;
let tablesPhysical: u64 = 0;
/** Next free table page. */
const nextTable: usize = memory.data(8, 8);
let usesMegapages: bool = false;

/**
 * Gets memory for the stage-2 tables, apart from the guest's RAM, so that no mapping of it can exist (duvisor 7.4 had the
 * tables inside the guest's RAM), and makes the empty root the VM's.
 */
export function createStage2(megapages: bool): void {
  const tables =
    MAXIMUM_VCPUS +
    2 +
    CONTROLLER_TABLES +
    (ramSize + 0x3fff_ffff) / 0x4000_0000 +
    (ramSize + MEGAPAGE - 1) / MEGAPAGE;
  const size = ROOT_BYTES + tables * PAGE;
  tablesHost = grantMemory(size, cstr('the DV-driver grants no memory for the stage-2 tables'));
  tablesPhysical = physicalOf(tablesHost);
  zeroBytes(tablesHost, <usize>size);
  store<u64>(nextTable, tablesHost + <usize>ROOT_BYTES);
  usesMegapages = megapages;
  const result = control(driver, DV_SET_STAGE2_ROOT, tablesPhysical);
  if (result < 0) failWith(STATUS_DRIVER, cstr('the DV-driver refuses the stage-2 root'), result);
}

/**
 * Backs the page of RAM around a guest-physical address, with a 2 MiB leaf where that is wanted and possible. vCPUs that fault
 * together need no lock: an entry is stored only over an empty one, and whoever comes second uses what it finds (duvisor 7.8
 * held one lock over every fault). False when the address is not RAM.
 */
export function backRam(vcpu: Vcpu, address: u64): bool {
  if (!isRam(address)) return false;
  if (usesMegapages && backMegapage(vcpu, address & ~(MEGAPAGE - 1))) return true;
  probe('get-page');
  const guest = address & ~(PAGE - 1);
  const physical = physicalOfRam(guest);
  probe('mapping');
  mapPage(vcpu, address, inStage2Mapping(changetype<usize>(vcpu), guest, physical));
  return true;
}

/** Maps the 4 KiB page around a guest-physical address to a physical page, unless something is mapped there. */
export function mapPage(vcpu: Vcpu, address: u64, physical: u64): void {
  const middle = nextLevel(vcpu, rootEntry(address));
  if (middle == 0) return;
  const last = nextLevel(vcpu, middle + entryOffset(address >> 21));
  if (last != 0) installEntry(last + entryOffset(address >> 12), leaf(physical));
}

/** Whether anything is mapped at a guest-physical address. */
export function isMapped(address: u64): bool {
  let value = load<u64>(rootEntry(address));
  for (let shift: u64 = 21; (value & (VALID | LEAF_MASK)) == VALID && shift >= 12; shift -= 9)
    value = load<u64>(tableBehind(value) + entryOffset(address >> shift));
  return (value & LEAF_MASK) != 0;
}

function backMegapage(vcpu: Vcpu, start: u64): bool {
  const physical = physicalOfRam(start);
  if (!isRam(start) || !isRam(start + MEGAPAGE - 1) || (physical & (MEGAPAGE - 1)) != 0)
    return false;
  const middle = nextLevel(vcpu, rootEntry(start));
  if (middle == 0) return true;
  const old = installEntry(middle + entryOffset(start >> 21), leaf(physical));
  return old == 0 || (old & LEAF_MASK) != 0;
}

function rootEntry(address: u64): usize {
  return tablesHost + <usize>(((address >> 30) & 0x7ff) << 3);
}

function entryOffset(pageNumber: u64): usize {
  return <usize>((pageNumber & 0x1ff) << 3);
}

function leaf(physical: u64): u64 {
  return ((physical >> 12) << 10) | RAM_LEAF;
}

/** The table behind an entry, made when there is none; 0 when a leaf stands there already. */
function nextLevel(vcpu: Vcpu, entry: usize): usize {
  let value = load<u64>(entry);
  if ((value & VALID) == 0) {
    const table = takeTable(vcpu);
    const pointer = (((<u64>(table - tablesHost) + tablesPhysical) >> 12) << 10) | VALID;
    value = installEntry(entry, pointer);
    if (value == 0) return table;
    vcpu.spareTable = table;
  }
  if (value & LEAF_MASK) return 0;
  return tableBehind(value);
}

function tableBehind(pointer: u64): usize {
  return <usize>((pointer >> 10) << 12) - <usize>tablesPhysical + tablesHost;
}

/** Stores an entry where there is none; gives what was there. */
function installEntry(entry: usize, value: u64): u64 {
  while (true) {
    const old = lr_d(entry);
    if (old != 0) return old;
    if (sc_d(entry, value) == 0) return 0;
  }
}

/** A zeroed table page. The grant holds enough for every page of RAM, and one spare for each vCPU's lost race. */
function takeTable(vcpu: Vcpu): usize {
  const spare = vcpu.spareTable;
  if (spare != 0) {
    vcpu.spareTable = 0;
    return <usize>spare;
  }
  return <usize>amoadd_d(nextTable, PAGE);
}

import { FDT_BEGIN_NODE, FDT_END, FDT_PROP } from '../shared/fdt.ts';
import { FdtCursor, fdtCells, nextFdt, startFdt } from '../shared/fdt-reader.ts';
import { cstr } from '../shared/rv.ts';
import { listContains, startsWith, stringsEqual } from '../shared/strings.ts';

/** Base of the CLINT's registers, 0 when the tree has none. */
export let clint: usize = 0;
/** Base of the 16550 UART, 0 when the tree has none. */
export let uart: usize = 0;
/** Base of the test finisher, 0 when the tree has none. */
export let finisher: usize = 0;
/** One bit per hart that the tree lists. */
export let hartMask: u64 = 0;
/** Whether a granted range is open to every VM, not only to the one named. */
export let areGrantsGlobal: bool = false;

const cursorMemory = memory.data(offsetof<FdtCursor>(), 8);

/**
 * Learns the devices from the device tree in one pass; addresses of `reg` are two cells, as platforms with 64-bit
 * addresses write them. `devicetree 2.3`
 */
export function readPlatform(blob: usize): void {
  const cursor = changetype<FdtCursor>(cursorMemory);
  startFdt(cursor, blob);
  let node: usize = 0;
  let address: u64 = 0;
  let compatible: usize = 0;
  let compatibleLength: usize = 0;
  while (true) {
    const token = nextFdt(cursor);
    if (token == FDT_PROP) {
      if (cursor.length == 0) continue;
      if (stringsEqual(cursor.name, cstr('reg'))) {
        if (startsWith(node, cstr('cpu@'))) hartMask |= 1 << fdtCells(cursor.value, 1);
        else if (cursor.length >= 8) address = fdtCells(cursor.value, 2);
      } else if (stringsEqual(cursor.name, cstr('compatible'))) {
        compatible = cursor.value;
        compatibleLength = cursor.length;
      } else if (stringsEqual(cursor.name, cstr('dvlab,pmc-scope'))) {
        areGrantsGlobal = stringsEqual(cursor.value, cstr('global'));
      }
      continue;
    }
    if (compatible != 0 && address != 0) {
      if (listContains(compatible, compatibleLength, cstr('ns16550a'))) uart = address;
      else if (listContains(compatible, compatibleLength, cstr('riscv,clint0'))) clint = address;
      else if (listContains(compatible, compatibleLength, cstr('sifive,test0'))) finisher = address;
    }
    compatible = 0;
    address = 0;
    if (token == FDT_BEGIN_NODE) node = cursor.name;
    if (token == FDT_END) return;
  }
}

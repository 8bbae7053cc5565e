import { cstr } from '../../shared/rv.ts';
import { FDT_BEGIN_NODE, FDT_END, FDT_PROP } from '../../shared/fdt.ts';
import { FdtCursor, fdtCells, isFdt, nextFdt, startFdt } from '../../shared/fdt-reader.ts';
import { listContains, startsWith, stringsEqual } from '../../shared/strings.ts';

/** What the program learns of its machine from the device tree; trees with two address and two size cells, as both SBIs give. */

/** Address of the 16550 UART; 0 = there is none. */
export let uartAddress: u64 = 0;
/** First byte of RAM. */
export let ramAddress: u64 = 0;
/** Bytes of RAM. */
export let ramBytes: u64 = 0;
/** Harts of the machine. */
export let hartCount: u64 = 0;
/** Address of the interrupt controller; 0 = there is none. */
export let plicAddress: u64 = 0;
/** Contexts of the controller, of all harts together. */
export let plicContexts: u64 = 0;
/** The UART's source at the controller; 0 = it has none. */
export let uartSource: u32 = 0;
/** Whether harts post interrupts to each other themselves, through hu_vitr. */
export let doesPost: bool = false;
/** The program's command line, the empty string when there is none. */
export let bootArguments: usize = 0;

const cursorWords: usize = memory.data(offsetof<FdtCursor>(), 8);

/** Reads the device tree at `blob`; false when there is none. */
export function readMachine(blob: usize): bool {
  bootArguments = cstr('');
  if (!isFdt(blob)) return false;
  const cursor = changetype<FdtCursor>(cursorWords);
  startFdt(cursor, blob);
  let node: usize = cstr('');
  let address: u64 = 0;
  let size: u64 = 0;
  let isUart: bool = false;
  for (let token: u32 = 0; (token = nextFdt(cursor)) != FDT_END;) {
    if (token == FDT_BEGIN_NODE) {
      node = cursor.name;
      isUart = false;
      address = 0;
      if (startsWith(node, cstr('cpu@'))) hartCount++;
    } else if (token == FDT_PROP) {
      if (stringsEqual(cursor.name, cstr('reg')) && cursor.length >= 16) {
        address = fdtCells(cursor.value, 2);
        size = fdtCells(cursor.value + 8, 2);
        if (startsWith(node, cstr('memory@')) && ramBytes == 0) {
          ramAddress = address;
          ramBytes = size;
        }
      } else if (stringsEqual(cursor.name, cstr('compatible'))) {
        isUart = listContains(cursor.value, cursor.length, cstr('ns16550a'));
      } else if (stringsEqual(cursor.name, cstr('bootargs'))) {
        bootArguments = cursor.value;
      } else if (stringsEqual(cursor.name, cstr('interrupts-extended'))) {
        if (startsWith(node, cstr('plic@'))) {
          plicAddress = address;
          plicContexts = cursor.length >> 3;
        }
      } else if (stringsEqual(cursor.name, cstr('interrupts'))) {
        if (startsWith(node, cstr('serial@'))) uartSource = <u32>fdtCells(cursor.value, 1);
      } else if (stringsEqual(cursor.name, cstr('dvlab,posts-interrupts'))) doesPost = true;
      if (isUart && address != 0 && uartAddress == 0) uartAddress = address;
    }
  }
  return ramBytes != 0;
}

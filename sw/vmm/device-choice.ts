import { cstr } from '../shared/rv.ts';
import { bytesEqual } from '../shared/bytes.ts';
import { stringLength } from '../shared/strings.ts';

/** The devices of a VM beyond its UART, by a list of names with commas between them. */

/** Random numbers of the host. */
export const DEVICE_ENTROPY: u32 = 1 << 0;
/** The VM's console once more, as a queue. */
export const DEVICE_CONSOLE: u32 = 1 << 1;
/** The disk of the host. */
export const DEVICE_BLOCK: u32 = 1 << 2;
/** A network interface of the host. */
export const DEVICE_NET: u32 = 1 << 3;

/** The devices that the VM has, of `DEVICE_…`. */
export let deviceChoice: u32 = 0;

const COMMA: u32 = 0x2c;

/** Takes the list of the command line; false when a name in it is unknown. */
export function chooseDevices(list: usize): bool {
  while (true) {
    const end = endOfWord(list);
    const device = deviceNamed(list, end - list);
    if (device == 0) return false;
    deviceChoice |= device;
    if (load<u8>(end) != COMMA) return true;
    list = end + 1;
  }
}

function endOfWord(text: usize): usize {
  for (let byte: u32; (byte = load<u8>(text)) != 0 && byte != COMMA;) text++;
  return text;
}

function deviceNamed(word: usize, length: usize): u32 {
  if (isName(word, length, cstr('entropy'))) return DEVICE_ENTROPY;
  if (isName(word, length, cstr('console'))) return DEVICE_CONSOLE;
  if (isName(word, length, cstr('block'))) return DEVICE_BLOCK;
  if (isName(word, length, cstr('net'))) return DEVICE_NET;
  return 0;
}

function isName(word: usize, length: usize, name: usize): bool {
  return stringLength(name) == length && bytesEqual(word, name, length);
}

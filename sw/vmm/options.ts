import { cstr } from '../shared/rv.ts';
import { startsWith, stringsEqual } from '../shared/strings.ts';
import { chooseDevices } from './device-choice.ts';
import { STATUS_USAGE, fail, failNaming } from './failure.ts';
import { GUEST_MEMORY_UNIT, LEAST_GUEST_MEMORY, MOST_GUEST_MEMORY } from './limits.ts';
import { MAXIMUM_VCPUS } from './limits.ts';

/** What the command line asks for: `--kernel FILE [--vcpus N] [--memory SIZE] [--append TEXT] [--devices LIST] [--megapages] [--rotate MS] [--exitless] [--dv-state] [--forward]`. */

/** Path of the guest's image. */
export let kernelPath: usize = 0;
/** Number of virtual CPUs. */
export let vcpuCount: u64 = 1;
/** Bytes of guest RAM. */
export let memorySize: u64 = 0x400_0000;
/** The guest's command line (/chosen bootargs), or 0. */
export let bootArguments: usize = 0;
/** Milliseconds after which each vCPU moves on to another hart; 0 = it stays. */
export let rotationPeriod: u64 = 0;
/** Whether stage 2 uses 2 MiB pages where it can. */
export let usesMegapages: bool = false;

/** Whether an in-kernel hypervisor posts interrupts. */
export let isExitless: bool = false;

/** Whether an in-kernel hypervisor switches the registers of DV-Ext at each exit. */
export let switchesDvState: bool = false;
/** Whether a kernel forwards every exit to the process. */
export let isDeprivileged: bool = false;

/** Milliseconds. */
const LONGEST_ROTATION: u64 = 1000;
const PAGE_MASK: u64 = GUEST_MEMORY_UNIT - 1;
const LEAST_MEMORY: u64 = LEAST_GUEST_MEMORY;
const MOST_MEMORY: u64 = MOST_GUEST_MEMORY;

/** Reads the command line; a word that makes no sense ends the process with a message. */
export function readOptions(argumentCount: u64, words: usize): void {
  for (let index: u64 = 1; index < argumentCount; index++) {
    const word = wordAt(words, index);
    if (setFlag(word)) continue;
    index++;
    if (!startsWith(word, cstr('--'))) failNaming(STATUS_USAGE, cstr('not an option'), word);
    if (index >= argumentCount) failNaming(STATUS_USAGE, cstr('the option needs a value'), word);
    setOption(word, wordAt(words, index));
  }
  if (kernelPath == 0)
    fail(
      STATUS_USAGE,
      cstr(
        'usage: --kernel FILE [--vcpus N] [--memory SIZE] [--append TEXT] [--devices LIST] [--megapages] [--rotate MS] [--exitless] [--dv-state] [--forward]',
      ),
    );
}

/** An option without a value; false when it is none. */
function setFlag(name: usize): bool {
  if (stringsEqual(name, cstr('--megapages'))) usesMegapages = true;
  else if (stringsEqual(name, cstr('--exitless'))) isExitless = true;
  else if (stringsEqual(name, cstr('--dv-state'))) switchesDvState = true;
  else if (stringsEqual(name, cstr('--forward'))) isDeprivileged = true;
  else return false;
  return true;
}

function wordAt(words: usize, index: u64): usize {
  return load<usize>(words + <usize>(index << 3));
}

function setOption(name: usize, value: usize): void {
  if (stringsEqual(name, cstr('--kernel'))) {
    kernelPath = value;
  } else if (stringsEqual(name, cstr('--append'))) {
    bootArguments = value;
  } else if (stringsEqual(name, cstr('--devices'))) {
    if (!chooseDevices(value))
      failNaming(
        STATUS_USAGE,
        cstr('--devices is not a list of entropy, console, block, net'),
        value,
      );
  } else if (stringsEqual(name, cstr('--vcpus'))) {
    vcpuCount = parseSize(value);
    if (vcpuCount == 0 || vcpuCount > <u64>MAXIMUM_VCPUS)
      failNaming(STATUS_USAGE, cstr('--vcpus is not 1 to 8'), value);
  } else if (stringsEqual(name, cstr('--rotate'))) {
    rotationPeriod = parseSize(value);
    if (rotationPeriod == 0 || rotationPeriod > LONGEST_ROTATION)
      failNaming(STATUS_USAGE, cstr('--rotate is not 1 to 1000'), value);
  } else if (stringsEqual(name, cstr('--memory'))) {
    memorySize = parseSize(value);
    if (memorySize < LEAST_MEMORY || memorySize > MOST_MEMORY || (memorySize & PAGE_MASK) != 0) {
      failNaming(
        STATUS_USAGE,
        cstr('--memory is not a multiple of 4 KiB from 4 MiB to 1 TiB'),
        value,
      );
    }
  } else {
    failNaming(STATUS_USAGE, cstr('unknown option'), name);
  }
}

/** A whole number, decimal or 0x, with KiB, MiB or GiB behind it; 0 when it is none. */
function parseSize(text: usize): u64 {
  let base: u64 = 10;
  if (startsWith(text, cstr('0x'))) {
    base = 16;
    text += 2;
  }
  let value: u64 = 0;
  let digits = 0;
  for (let digit: u64 = 0; (digit = digitOf(load<u8>(text))) < base; text++, digits++) {
    if (value >> 58) return 0;
    value = value * base + digit;
  }
  if (digits == 0) return 0;
  if (load<u8>(text) == 0) return value;
  if (stringsEqual(text, cstr('KiB'))) return shifted(value, 10);
  if (stringsEqual(text, cstr('MiB'))) return shifted(value, 20);
  if (stringsEqual(text, cstr('GiB'))) return shifted(value, 30);
  return 0;
}

function shifted(value: u64, shift: u64): u64 {
  return (value << shift) >> shift == value ? value << shift : 0;
}

function digitOf(character: u32): u64 {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const letter = character | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 255;
}

import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrr, cstr } from '../../shared/rv.ts';
import { SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { stringsEqual } from '../../shared/strings.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { complain, print } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';
import { bootArguments, readMachine } from '../runtime/machine.ts';
import { verdict } from '../runtime/verdict.ts';
import { blockPort } from '../virtio/block.ts';
import { consolePort } from '../virtio/console.ts';
import { discoverVirtio } from '../virtio/discover.ts';
import { entropyPort } from '../virtio/entropy.ts';
import { servePorts } from '../virtio/interrupts.ts';
import { netPort } from '../virtio/net.ts';
import { useBlock } from './block.ts';
import { useConsole } from './console.ts';
import { echoConsole } from './console-echo.ts';
import { useEntropy } from './entropy.ts';
import { breakAllRules } from './broken.ts';
import { answerNet, useNet } from './net.ts';

/** Uses each virtio device of the machine, or, with the command line `malformed`, breaks every rule of a queue, one after the other. */
export function main(hart: GuestHart, argument: u64): u64 {
  if (!readMachine(<usize>argument)) {
    complain(cstr('no device tree at'), argument);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  discoverVirtio(<usize>argument);
  if (stringsEqual(bootArguments, cstr('malformed'))) breakAllRules();
  else useDevices();
  print(cstr('devices: end'));
  return verdict();
}

function useDevices(): void {
  const entropy = entropyPort();
  if (entropy !== null) useEntropy(entropy);
  const console = consolePort();
  if (console !== null) {
    if (stringsEqual(bootArguments, cstr('console-echo'))) echoConsole(console);
    else useConsole(console);
  }
  const block = blockPort();
  if (block !== null) useBlock(block);
  const net = netPort();
  if (net !== null) {
    if (stringsEqual(bootArguments, cstr('net-answer'))) answerNet(net);
    else useNet(net, stringsEqual(bootArguments, cstr('net-peer')));
  }
}

/** Interrupts of devices; everything else ends the program. */
export function on_trap(hart: GuestHart): u64 {
  if (csrr(csr.scause) != (INTERRUPT | interrupt.seip)) {
    endByTrap();
    return 0;
  }
  servePorts(hart.index);
  return 0;
}

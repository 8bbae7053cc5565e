import { mapPage } from '../memory/stage2-table.ts';
import { vcpuAt } from '../vcpu/vcpu.ts';
import { createMachine, runMachine } from '../vm/machine.ts';
import { readOptions } from '../../vmm/options.ts';

/** Guest-physical address at which sw/guest/rogue looks for the host. */
const HOST_WINDOW: u64 = 0x4000_0000;
/** Physical address of the host kernel. */
const HOST_KERNEL: u64 = 0x8020_0000;

/**
 * A malicious hypervisor, never part of the product's image: maps the host kernel into its guest. Nothing stops it from writing
 * that into its own tables; the PMC stops the guest's access, and the DV-driver ends this process (duvisor 4.3).
 */
export function main(argumentCount: u64, words: usize): u64 {
  readOptions(argumentCount, words);
  createMachine();
  mapPage(vcpuAt(0), HOST_WINDOW, HOST_KERNEL);
  return runMachine();
}

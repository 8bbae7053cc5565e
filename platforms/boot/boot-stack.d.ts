import type { DeviceTreeNode } from '../images/device-tree.ts';
import type { Platform } from '../platform.ts';
import { type Booted, type NamedFile } from './boot-bare.ts';
/** The programs of a software stack, and the guests that it runs. */
export interface Stack {
  readonly firmware: NamedFile;
  readonly host: NamedFile;
  readonly hypervisor: NamedFile;
  readonly guests: readonly Guest[];
}
/** One virtual machine. */
export interface Guest {
  readonly kernel: NamedFile;
  readonly vcpus: number;
  /** Bytes. */
  readonly memory: number;
}
/** A machine with a software stack, and the device tree it was given. */
export interface BootedStack extends Booted {
  readonly deviceTree: DeviceTreeNode;
}
/** Makes a machine that boots firmware and host kernel, whose first processes are hypervisors, one per guest. */
export declare function bootStack(platform: Platform, stack: Stack): BootedStack;
//# sourceMappingURL=boot-stack.d.ts.map

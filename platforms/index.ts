export { bootBare, readProgram, type Booted, type NamedFile } from './boot/boot-bare.ts';
export { machineTree } from './boot/machine-tree.ts';
export { bootFirmware, type SupervisorSoftware } from './boot/boot-firmware.ts';
export { bootStack, type Guest, type Stack } from './boot/boot-stack.ts';
export { unheardTohost } from './boot/program-check.ts';
export {
  type CheckpointAbout,
  restoreCheckpoint,
  saveCheckpoint,
} from './checkpoint/checkpoint.ts';
export type { Programs } from './checkpoint/same-machine.ts';
export { elaborate } from './elaborate.ts';
export { writeCpio, type ArchiveFile } from './images/cpio.ts';
export { writeDeviceTree, type DeviceTreeNode } from './images/device-tree.ts';
export { deviceTreeText } from './images/device-tree-text.ts';
export { engineNames } from './platform-schema.ts';
export { readElf, type ElfImage, type Segment } from './images/elf.ts';
export { imageError } from './images/image-error.ts';
export { signatureText } from './images/signature.ts';
export { SymbolTable, type ImageSymbol } from './images/symbol-table.ts';
export type { MeasuredRegion } from '../hw/devices/index.ts';
export { Machine, type ConsoleByte, type StopReason } from './machine.ts';
export { loadPlatform, type LoadOptions, type Platform } from './platform.ts';
export { resolvedText, type ResolvedValue } from './resolved.ts';
export { Profile, type FunctionEntries, type ProfileEntry } from './profile/profile.ts';
export { CodeNames } from './run/code-names.ts';
export { typeIn } from './run/console-input.ts';
export { hangReport } from './run/hang-report.ts';
export { describeHart } from './run/hart-report.ts';
export type { Executed } from './run/lockstep/executed.ts';
export type { Divergence } from './run/lockstep/find-divergence.ts';
export { type Boots, runInLockstep } from './run/lockstep/lockstep.ts';
export { endOfTurns, type Halts, run, type RunEnd, type RunLimits } from './run/run.ts';
export type { Hang } from './run/watchdog.ts';
export { renderDiagnostic, type Diagnostic } from './source/diagnostic.ts';
export { DvlabError } from './source/dvlab-error.ts';
export { describeOrigin, type Origin } from './source/origin.ts';
export { timingValues, type TimingValue } from './timing-values.ts';
export type { Wire } from './wiring.ts';

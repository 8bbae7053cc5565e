export { CsrFile, type CsrEnvironment, type CsrWrite } from './csr-file.ts';
export { accountModes, CycleAccount } from './cycle-account.ts';
export {
  ExitRecorder,
  exitSteps,
  type ExitStep,
  type ExitSummary,
  type ProbedStep,
  type Spread,
} from './exit-recorder.ts';
export { formatCommit, type Commit } from './commit-log.ts';
export { Hart } from './hart.ts';
export { hartMemoryBytes, pmcOptionsOf, type HartOptions, type HartPorts } from './hart-options.ts';
export * from './mmu/index.ts';
export type { HartStatus, TrapRecord } from './progress.ts';
export { Reservations } from './reservations.ts';
export type { TrapTarget } from './trap-routing.ts';
export { TrapUnit, type TrapEntry, type TrapReturn } from './trap-unit.ts';

export { CodeWords } from './code-words.ts';
export { codeArea, codeMemoryBytes, compiledCodeFor, pathArea } from './compiled-hart-code.ts';
export { isPresent } from './csr-storage.ts';
export { type TranslationLimits, usualLimits } from '../engine/index.ts';
export {
  ExitRecorder,
  exitSteps,
  type ExitSummary,
  type FinishedExit,
  type ProbedStep,
  type Spread,
} from './exit-recorder.ts';
export { Hart } from './hart.ts';
export { type Difference, differences, type Facts, hartFacts, trapText } from './hart-facts.ts';
export { HartTeam } from './hart-team.ts';
export { hartMemoryBytes } from './hart-options.ts';
export type { HartStatus, TrapRecord } from './progress.ts';
export type { Follower } from './observers.ts';
export { Reservations } from './reservations.ts';

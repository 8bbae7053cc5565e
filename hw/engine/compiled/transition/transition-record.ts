import { modes } from '../../../isa/index.ts';
import { trapTransfers } from './trap-transfer.ts';

/** A condition under which a record holds: 24 bytes. Offsets in bytes. */
export const transitionGuard = {
  bytes: 24,
  /** Address of a doubleword (u32). */
  address: 0,
  /** The bits of it that decide, and what they must be (u64 each). */
  mask: 8,
  value: 16,
} as const;

/** A doubleword that is changed: `(to & kept) | set | rotl(from & taken, rotation)`, in 40 bytes. */
export const transitionMove = {
  bytes: 40,
  /** Addresses (u32 each). */
  to: 0,
  from: 4,
  /** What becomes of the bits (u64 each). */
  kept: 8,
  set: 16,
  taken: 24,
  rotation: 32,
} as const;

/** Guards and moves that a record has room for. */
export const MOST_GUARDS = 8;
export const MOST_MOVES = 12;

const GUARDS = 40;
const MOVES = GUARDS + MOST_GUARDS * transitionGuard.bytes;

/**
 * What one execution of ECALL, MRET, SRET or HURET did, and under which conditions the next one does the same: how the hart
 * tells generated code about traps. Words but for the lists.
 */
export const transitionRecord = {
  bytes: MOVES + MOST_MOVES * transitionMove.bytes,
  /** 0 where there is no record. */
  guardCount: 0,
  moveCount: 4,
  /** Address of what there is to know of the mode that it leads to (`modeContext`). */
  context: 8,
  /** Cycles that are not issue, and the place of their leaf among those of a mode, in bytes. */
  extra: 12,
  leaf: 16,
  /** Instructions that retire: those that issue, in a cycle of their own, and those that do not. */
  issues: 20,
  retires: 24,
  /** Its number, for the log. */
  number: 28,
  /** The place of the leaf of issue. */
  issueLeaf: 32,
  guards: GUARDS,
  moves: MOVES,
} as const;

/** Records of the same instruction in the same mode. */
export const RECORD_WAYS = 4;

/** Bytes of the records of one mode. */
export const MODE_RECORDS_BYTES = trapTransfers.length * RECORD_WAYS * transitionRecord.bytes;

/** What generated code works with in one mode, words: it holds until the hart takes the validity away. */
export const modeContext = {
  bytes: 32,
  isValid: 0,
  /** What the words of the same names in `RunWord` are in this mode. */
  leaves: 4,
  readTable: 8,
  writeTable: 12,
  fetchTable: 16,
  csrTable: 20,
  floatMode: 24,
  transitions: 28,
} as const;

/** What the hart learns of a transition that generated code made: 40 bytes. */
export const transitionEvent = {
  bytes: 40,
  /** The number of the record (u32). */
  record: 0,
  /** Instructions that issued since the event before, this one included (u32). */
  issued: 4,
  /** The hart's cycle count before and after (f64). */
  before: 8,
  after: 16,
  /** Where it was, and where it led (u64). */
  pc: 24,
  next: 32,
} as const;

/** Events that the log has room for. */
export const MOST_EVENTS = 256;

const CONTEXTS_BYTES = Math.ceil((modes.length * modeContext.bytes) / 64) * 64;
const EVENTS_BYTES = MOST_EVENTS * transitionEvent.bytes;

/** Where the parts begin in the memory that a hart keeps for transitions, and its bytes. */
export const transitionLayout = {
  contexts: 0,
  events: CONTEXTS_BYTES,
  records: CONTEXTS_BYTES + EVENTS_BYTES,
  bytes: CONTEXTS_BYTES + EVENTS_BYTES + modes.length * MODE_RECORDS_BYTES,
} as const;

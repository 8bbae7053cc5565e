import type { SignalType } from '../kernel/index.ts';

/** A frame on its way. */
export interface LinkFrame {
  /** Frames that were put on the link until this one. */
  readonly sequence: number;
  /** Tick at which the last bit is at the far end. */
  readonly arrivesAt: number;
  /** From the destination address to the end of the payload, two hexadecimal digits a byte. */
  readonly bytes: string;
}

/**
 * What a link carries in one direction: the frame that was put on it last, in `writeFrame`'s form, since the value of a wire is one word. It is
 * there before it arrives, so that both ends know when that is.
 */
export const ethernetLink: SignalType<string> = { name: 'ethernet-link', width: 1, initial: '' };

/** The value of a wire that carries a frame. */
export function writeFrame({ sequence, arrivesAt, bytes }: LinkFrame): string {
  return [sequence, arrivesAt, bytes].join(' ');
}

/** The frame that a wire carries; sequence 0 where none was ever put on it. */
export function readFrame(value: string): LinkFrame {
  const [sequence = '', arrivesAt = '', bytes = ''] = value.split(' ');
  return { sequence: Number(sequence), arrivesAt: Number(arrivesAt), bytes };
}

/** Bytes of the shortest frame without its check sequence: shorter ones are padded on the link. `ieee 802.3 3.2.8` */
const shortestFrame = 60;
/** Bytes of preamble, start delimiter and check sequence, and of the gap behind a frame. `ieee 802.3 4.2, 4.4.2` */
const bytesAround = 8 + 4;
const gapBytes = 12;

/** Cycles from a frame's first bit to its last on a link of some bits per cycle. */
export function cyclesOfFrame(frameBytes: number, bitsPerCycle: number): number {
  return cyclesOf(Math.max(frameBytes, shortestFrame) + bytesAround, bitsPerCycle);
}

/** Cycles from a frame's last bit to the first one that may follow. */
export function cyclesOfGap(bitsPerCycle: number): number {
  return cyclesOf(gapBytes, bitsPerCycle);
}

function cyclesOf(bytes: number, bitsPerCycle: number): number {
  return Math.ceil((8 * bytes) / bitsPerCycle);
}

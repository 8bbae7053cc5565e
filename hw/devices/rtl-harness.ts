import { defineDevice, initiator, stream, type BusPort } from '../kernel/index.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** A stretch of a program that the program measured itself, between two reads of each counter. */
export interface MeasuredRegion {
  readonly name: string;
  readonly cycles: number;
  readonly instret: number;
}

/** What the harness remembers until a region is complete. */
export interface RtlHarnessState {
  /** Address of the region's name, ended by a zero byte. */
  name: bigint;
  cycles: bigint;
}

/** A name that never ends is cut off here. */
const longestName = 256;

function textAt(bus: BusPort, address: bigint): string {
  const bytes: number[] = [];
  while (bytes.length < longestName) {
    const byte = Number(bus.read(Number(address) + bytes.length, 1) ?? 0n);
    if (byte === 0) break;
    bytes.push(byte);
  }
  return String.fromCharCode(...bytes);
}

/**
 * Takes the reports of programs that measure themselves, as the harness around the Rocket RTL did: the region's
 * name, its cycles, then its instructions, which completes it; a character; an exit code. It lies over the page of the
 * SoC's UART, whose own registers read as zero here.
 */
export const rtlHarness = defineDevice({
  kind: 'rtl-harness',
  summary: 'Measurements that a program reports about itself, its console and its exit code.',
  size: 0x1000,
  unmapped: 'zero',
  ports: {
    memory: initiator('reads the names of regions'),
    region: stream<MeasuredRegion>('the measured regions'),
    out: stream<number>('console bytes'),
    verdict: stream<Verdict>('how the program ended'),
  },
  reset: (): RtlHarnessState => ({ name: 0n, cycles: 0n }),
  registers: {
    divisor: { offset: 0x18, bytes: 4, description: 'A register of the UART; reads as zero.' },
    interruptEnable: {
      offset: 0x10,
      bytes: 4,
      description: 'A register of the UART; reads as zero.',
    },
    name: {
      offset: 0x20,
      bytes: 8,
      description: "Address of the region's name.",
      write: (draft, value) => {
        draft.name = value;
      },
    },
    cycles: {
      offset: 0x28,
      bytes: 8,
      description: 'Cycles that the region took.',
      write: (draft, value) => {
        draft.cycles = value;
      },
    },
    instret: {
      offset: 0x30,
      bytes: 8,
      description: 'Instructions that the region retired; completes the report.',
      write: ({ name, cycles }, value, { buses, emit }) => {
        emit.region({
          name: textAt(buses.memory, name),
          cycles: Number(cycles),
          instret: Number(value),
        });
      },
    },
    putc: {
      offset: 0x38,
      bytes: 8,
      description: 'A byte for the console.',
      write: (_draft, value, { emit }) => {
        emit.out(Number(value & 0xffn));
      },
    },
    exit: {
      offset: 0x50,
      bytes: 8,
      description: 'Exit code: ends the run.',
      write: (_draft, value, { emit }) => {
        emit.verdict(verdictOf(Number(BigInt.asUintN(31, value))));
      },
    },
  },
});

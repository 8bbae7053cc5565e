import { defineDevice, initiator, stream, type BusPort } from '../kernel/index.ts';
import { verdictOf, type Verdict } from './verdict.ts';

const HtifDevice = { systemCall: 0, console: 1 } as const;
const ConsoleCommand = { getchar: 0, putchar: 1 } as const;
const SystemCall = { write: 64n, exit: 93n } as const;
const ENOSYS = 38n;
const EFAULT = 14n;
const answerLimit = 64;
/** Bytes that one sys_write takes at most; it may always take fewer than asked. */
const writeLimit = 0x1_0000n;

/** What the interface remembers. */
export interface HtifState {
  tohost: bigint;
  fromhost: bigint;
  /** Answers that wait until software has taken the one before. */
  answers: bigint[];
  /** Console input that nobody asked for yet. */
  waiting: number[];
  /** Requests for console input that wait for a byte. */
  requestCount: number;
}

interface Outside {
  readonly buses: { readonly memory: BusPort };
  readonly emit: {
    readonly out: (byte: number) => void;
    readonly verdict: (verdict: Verdict) => void;
  };
}

function answer(draft: HtifState, device: number, command: number, value: bigint): void {
  // Software that never takes an answer loses the later ones; Spike would keep them for ever.
  if (draft.answers.length < answerLimit) {
    draft.answers.push((BigInt(device) << 56n) | (BigInt(command) << 48n) | value);
  }
  deliver(draft);
}

function deliver(draft: HtifState): void {
  if (draft.fromhost === 0n) {
    draft.fromhost = draft.answers.shift() ?? 0n;
  }
}

function feed(draft: HtifState): void {
  while (draft.requestCount > 0 && draft.waiting.length > 0) {
    draft.requestCount--;
    const byte = BigInt(draft.waiting.shift() ?? 0);
    answer(draft, HtifDevice.console, ConsoleCommand.getchar, 0x100n | byte);
  }
}

/** sys_write(fd, buffer, length): every descriptor is the console. */
function write(buffer: bigint, length: bigint, { buses, emit }: Outside): bigint {
  const taken = length < writeLimit ? length : writeLimit;
  for (let done = 0n; done < taken; done++) {
    const byte = buses.memory.read(Number(buffer + done), 1);
    if (byte === undefined) {
      return done > 0n ? done : -EFAULT;
    }
    emit.out(Number(byte));
  }
  return taken;
}

/** A request in memory: eight doublewords, the call's number and arguments; the result replaces the number. */
function systemCall(draft: HtifState, block: number, outside: Outside): void {
  const { memory } = outside.buses;
  const [number, first = 0n, second = 0n, third = 0n] = [0, 8, 16, 24].map((offset) =>
    memory.read(block + offset, 8),
  );
  if (number === SystemCall.exit) {
    outside.emit.verdict(verdictOf(Number(BigInt.asUintN(31, first))));
    return;
  }
  const result = number === SystemCall.write ? write(second, third, outside) : -ENOSYS;
  memory.write(block, 8, BigInt.asUintN(64, result));
  answer(draft, HtifDevice.systemCall, 0, 1n);
}

function obey(draft: HtifState, value: bigint, outside: Outside): void {
  const device = Number(value >> 56n);
  const command = Number((value >> 48n) & 0xffn);
  const payload = value & 0xffff_ffff_ffffn;
  if (device === HtifDevice.systemCall && command === 0) {
    if ((payload & 1n) === 1n) {
      outside.emit.verdict(verdictOf(Number(BigInt.asUintN(31, payload >> 1n))));
    } else {
      systemCall(draft, Number(payload), outside);
    }
  } else if (device === HtifDevice.console && command === ConsoleCommand.putchar) {
    outside.emit.out(Number(payload & 0xffn));
  } else if (device === HtifDevice.console && command === ConsoleCommand.getchar) {
    draft.requestCount++;
    feed(draft);
  }
}

/**
 * Berkeley's host-target interface, as Spike does it (fesvr): a word in tohost is a command, bits 63:56 the device,
 * 55:48 the command, 47:0 the payload; an answer appears in fromhost when that is 0. Device 0 ends the run (odd
 * payload) or serves a system call, device 1 is the console. Both words lie over RAM, where the program's symbols
 * `tohost` and `fromhost` are. A command is taken when its low half is written, so that software may write the
 * upper half first.
 */
export const htif = defineDevice({
  kind: 'htif',
  summary: 'Host-target interface: exit, console and sys_write through tohost and fromhost.',
  size: 0x10,
  placement: 'symbols',
  latency: 'ram',
  ports: {
    memory: initiator('reads the arguments of system calls'),
    out: stream<number>('console bytes'),
    verdict: stream<Verdict>('how the program ended'),
  },
  reset: (): HtifState => ({
    tohost: 0n,
    fromhost: 0n,
    answers: [],
    waiting: [],
    requestCount: 0,
  }),
  registers: {
    tohost: {
      offset: 0x0,
      bytes: 8,
      description: 'A command; reads as 0 once it was taken.',
      read: (state) => state.tohost,
      write: (draft, value, context) => {
        if (context.firstByte !== 0) {
          draft.tohost = value;
          return;
        }
        draft.tohost = 0n;
        if (value !== 0n) {
          obey(draft, value, context);
        }
      },
    },
    fromhost: {
      offset: 0x8,
      bytes: 8,
      description: 'An answer; software writes 0 when it has taken it.',
      read: (state) => state.fromhost,
      write: (draft, value) => {
        draft.fromhost = value;
        deliver(draft);
      },
    },
  },
  actions: {
    /** A byte arrives from the console. */
    receive: (draft, byte) => {
      draft.waiting.push(byte & 0xff);
      feed(draft);
    },
  },
});

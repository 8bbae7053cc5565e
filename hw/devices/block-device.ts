import { z } from 'zod';
import { type BusPort, clock, defineDevice, initiator, line, output } from '../kernel/index.ts';
import type { ClockDomain } from '../kernel/index.ts';
import { copyFromMemory, copyToMemory, sectorWords, type WrittenSectors } from './block-content.ts';

/** What `request` reads where no tracker is free. */
const noTag = 0xff;

const options = z.strictObject({
  sectors: z.int().min(1).max(0xffff_ffff).describe('Size of the disk in sectors of 512 bytes.'),
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('The disk holds the numbers that follow from it; zeros if absent.'),
  trackers: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Requests that can be under way (BlockDeviceConfig of testchipip: 1).'),
  longestRequest: z.int().min(1).max(0xffff).default(16).describe('Most sectors of one request.'),
  readLatency: z
    .int()
    .min(0)
    .default(4096)
    .describe("Core cycles from a request to its first data (FireSim's +blkdev-rlatency: 4096)."),
  writeLatency: z
    .int()
    .min(0)
    .default(4096)
    .describe("Core cycles of a request to write (FireSim's +blkdev-wlatency: 4096)."),
});

type Options = z.output<typeof options>;

/** A request that is under way. */
export interface BlockRequest {
  tag: number;
  isWrite: boolean;
  address: number;
  sector: number;
  sectors: number;
  /** Tick at which the data are across. */
  endsAt: number;
}

/** What the disk remembers. */
export interface BlockDeviceState {
  /** The registers that describe the next request. */
  address: bigint;
  sector: number;
  sectors: number;
  write: number;
  requests: BlockRequest[];
  /** Tags of complete requests, oldest first. */
  completed: number[];
  /** Tick until which the one way for data is taken. */
  busyUntil: number;
  written: WrittenSectors;
}

interface Surroundings {
  readonly now: number;
  readonly options: Options;
  readonly clocks: { readonly core: ClockDomain };
  readonly buses: { readonly memory: BusPort };
}

function freeTag({ requests, completed }: BlockDeviceState, { trackers }: Options): number {
  for (let tag = 0; tag < trackers; tag++) {
    if (!completed.includes(tag) && requests.every((request) => request.tag !== tag)) return tag;
  }
  return noTag;
}

/** Data cross 64 bits per cycle, those of one request after those of another. */
function begin(draft: BlockDeviceState, { now, options: shape, clocks }: Surroundings): void {
  const tag = freeTag(draft, shape);
  if (tag === noTag) return;
  const { address, sector, sectors } = draft;
  const isWrite = draft.write !== 0;
  const latency = isWrite ? shape.writeLatency : shape.readLatency;
  const first = Math.max(now + latency * clocks.core.period, draft.busyUntil);
  const endsAt = first + sectors * sectorWords * clocks.core.period;
  draft.busyUntil = endsAt;
  draft.requests.push({ tag, isWrite, address: Number(address), sector, sectors, endsAt });
}

/** Moves the data of a request; sectors beyond the disk and beyond the longest request are left out. */
function complete(draft: BlockDeviceState, request: BlockRequest, outside: Surroundings): void {
  const { seed, sectors: size, longestRequest } = outside.options;
  const { memory } = outside.buses;
  const count = Math.min(request.sectors, longestRequest, Math.max(0, size - request.sector));
  for (let index = 0; index < count; index++) {
    const sector = request.sector + index;
    const address = request.address + 8 * sectorWords * index;
    if (request.isWrite) draft.written[sector] = copyFromMemory(memory, address);
    else copyToMemory(memory, address, sector, { written: draft.written, seed });
  }
  draft.completed.push(request.tag);
}

/**
 * A disk with the registers of the block device of FireSim's machines (testchipip, `BlockDevice.scala`): a request is described in four
 * registers and made by reading a fifth, which gives its tag. A tag is free again when its completion was read.
 */
export const blockDevice = defineDevice({
  kind: 'block-device',
  summary: 'Disk that reads and writes memory itself, several requests at a time.',
  size: 0x1000,
  unmapped: 'zero',
  options,
  ports: {
    core: clock('what latencies count in'),
    memory: initiator('the buffers of requests'),
    irq: output(line, 'a request is complete'),
  },
  reset: (): BlockDeviceState => ({
    address: 0n,
    sector: 0,
    sectors: 0,
    write: 0,
    requests: [],
    completed: [],
    busyUntil: 0,
    written: {},
  }),
  registers: {
    addr: {
      offset: 0x00,
      bytes: 8,
      description: 'Physical address of the buffer.',
      read: ({ address }) => address,
      write: (draft, value) => {
        draft.address = value;
      },
    },
    offset: {
      offset: 0x08,
      bytes: 4,
      description: 'First sector.',
      read: ({ sector }) => sector,
      write: (draft, value) => {
        draft.sector = value;
      },
    },
    len: {
      offset: 0x0c,
      bytes: 4,
      description: 'Number of sectors.',
      read: ({ sectors }) => sectors,
      write: (draft, value) => {
        draft.sectors = value;
      },
    },
    write: {
      offset: 0x10,
      bytes: 1,
      description: '1: memory to disk; 0: disk to memory.',
      read: ({ write }) => write,
      write: (draft, value) => {
        draft.write = value & 1;
      },
    },
    request: {
      offset: 0x11,
      bytes: 1,
      description:
        'Reading makes the request and gives its tag; 0xff and no request without a free tracker.',
      read: (state, context) => freeTag(state, context.options),
      afterRead: begin,
    },
    nrequest: {
      offset: 0x12,
      bytes: 1,
      description: 'Free trackers.',
      read: ({ requests, completed }, context) =>
        context.options.trackers - requests.length - completed.length,
    },
    complete: {
      offset: 0x13,
      bytes: 1,
      description:
        'Reading takes the tag of the request that was complete first; 0xff if there is none.',
      read: ({ completed }) => completed[0] ?? noTag,
      afterRead: (draft) => {
        draft.completed.shift();
      },
    },
    ncomplete: {
      offset: 0x14,
      bytes: 1,
      description: 'Complete requests whose tags were not taken.',
      read: ({ completed }) => completed.length,
    },
    nsectors: {
      offset: 0x18,
      bytes: 4,
      description: 'Size of the disk in sectors.',
      read: (_state, context) => context.options.sectors,
    },
    max_req_len: {
      offset: 0x1c,
      bytes: 4,
      description: 'Most sectors of a request.',
      read: (_state, context) => context.options.longestRequest,
    },
  },
  drive: ({ completed }) => ({ irq: completed.length > 0 }),
  nextEdge: ({ requests }) =>
    requests.length === 0 ? undefined : Math.min(...requests.map(({ endsAt }) => endsAt)),
  onEdge: (draft, _inputs, outside) => {
    const { now } = outside;
    for (const request of draft.requests.filter(({ endsAt }) => endsAt <= now))
      complete(draft, request, outside);
    draft.requests = draft.requests.filter(({ endsAt }) => endsAt > now);
  },
});

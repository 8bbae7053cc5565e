import { clock, defineDevice, initiator, input, line, output, outputs } from '../kernel/index.ts';
import { ethernetLink } from './ethernet-link.ts';
import { nicOptions } from './nic-options.ts';
import {
  arrive,
  canSend,
  canStore,
  finishRequest,
  quietNic,
  see,
  send,
  storeFrames,
} from './nic-traffic.ts';

/** Parts of a request to send: address, length, and whether the frame goes on in the next request. */
const addressBits = 48n;
const lengthMask = 0x7fffn;
const partBit = 63n;

function addressOf(mac: string): bigint {
  return BigInt(`0x${mac.split(':').reverse().join('')}`);
}

/**
 * A network interface with the registers and queues of that of FireSim's machines (icenet, `NIC.scala`): software puts pieces of memory into
 * one queue to send them, and into another for frames to come; what is complete waits in two more.
 */
export const nic = defineDevice({
  kind: 'nic',
  summary: 'Network interface that reads and writes memory itself, at one end of a link.',
  size: 0x1000,
  unmapped: 'zero',
  options: nicOptions,
  ports: {
    core: clock('what times count in'),
    memory: initiator('the frames'),
    rx: input(ethernetLink, 'frames to the NIC'),
    tx: output(ethernetLink, 'frames of the NIC'),
    irq: outputs(line, 2, '0: a request to send is complete; 1: a frame is in memory'),
  },
  reset: quietNic,
  registers: {
    send_req: {
      offset: 0x00,
      bytes: 8,
      description:
        'Memory to be sent: address in bits 47:0, length in bits 62:48; bit 63: the frame goes on in the next request.',
      write: (draft, value, context) => {
        if (draft.sendRequests.length === context.options.queueDepth) return;
        draft.sendRequests.push({
          address: Number(BigInt.asUintN(Number(addressBits), value)),
          length: Number((value >> addressBits) & lengthMask),
          isPart: value >> partBit !== 0n,
        });
      },
    },
    recv_req: {
      offset: 0x08,
      bytes: 8,
      description: 'Memory for a frame to come: its address, aligned to 8.',
      write: (draft, value, context) => {
        if (draft.receiveRequests.length === context.options.queueDepth) return;
        const address = BigInt.asUintN(Number(addressBits), value) & ~7n;
        draft.receiveRequests.push(Number(address));
      },
    },
    send_comp: {
      offset: 0x10,
      bytes: 2,
      description: 'Reading takes a completion of a request to send: 1; 0 if there is none.',
      read: ({ sendsComplete }) => (sendsComplete > 0 ? 1 : 0),
      afterRead: (draft) => {
        if (draft.sendsComplete > 0) draft.sendsComplete--;
      },
    },
    recv_comp: {
      offset: 0x12,
      bytes: 2,
      description:
        'Reading takes the length of the frame that was in memory first; 0 if there is none.',
      read: ({ received }) => received[0] ?? 0,
      afterRead: (draft) => {
        draft.received.shift();
      },
    },
    counts: {
      offset: 0x14,
      bytes: 4,
      description:
        'Bits 7:0: requests to send that there is room for; 15:8: the same to receive; 23:16: completions of sending; 31:24: of receiving.',
      read: (state, { options: { queueDepth } }) =>
        ((state.received.length << 24) |
          (state.sendsComplete << 16) |
          ((queueDepth - state.receiveRequests.length) << 8) |
          (queueDepth - state.sendRequests.length)) >>>
        0,
    },
    macaddr: {
      offset: 0x18,
      bytes: 8,
      description: 'Address of the NIC, its first byte lowest.',
      read: (_state, context) => addressOf(context.options.mac),
    },
    intmask: {
      offset: 0x20,
      bytes: 4,
      description: 'Interrupts that are on: bit 0 of sending, bit 1 of receiving.',
      read: ({ interruptMask }) => interruptMask,
      write: (draft, value) => {
        draft.interruptMask = value & 3;
      },
    },
  },
  drive: ({ sent, sendsComplete, received, interruptMask }) => ({
    tx: sent,
    irq: [
      sendsComplete > 0 && (interruptMask & 1) !== 0,
      received.length > 0 && (interruptMask & 2) !== 0,
    ],
  }),
  nextEdge: (state, { rx }, { now, options: shape }) => {
    if (rx !== state.seen || canStore(state, shape)) return now;
    const times = [
      ...(state.sendEndsAt === 0 ? [] : [state.sendEndsAt]),
      ...(canSend(state, shape) ? [state.linkFreeAt] : []),
      ...state.arriving.map(({ arrivesAt }) => arrivesAt),
    ];
    return times.length === 0 ? undefined : Math.min(...times);
  },
  onEdge: (draft, { rx }, outside) => {
    const { now, options: shape } = outside;
    if (rx !== draft.seen) see(draft, rx);
    if (draft.sendEndsAt !== 0 && draft.sendEndsAt <= now) {
      draft.sendEndsAt = 0;
      finishRequest(draft);
    }
    if (canSend(draft, shape) && draft.linkFreeAt <= now) send(draft, outside);
    arrive(draft, outside);
    storeFrames(draft, outside);
  },
});

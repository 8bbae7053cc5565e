import test from 'ava';
import fc from 'fast-check';
import type { BusPort } from '../../hw/kernel/index.ts';
import { readPlain, writePlain } from '../../platforms/checkpoint/plain-data.ts';
import { type DeviceKind, deviceKinds, deviceOptions } from '../../platforms/device-kinds.ts';
import { cases } from '../harness/cases.ts';
import { Bench } from '../hw/kernel/bench.ts';

/** Something that happens to a device. */
interface Happening {
  readonly kind: 'read' | 'write' | 'act' | 'wait';
  /** Which register or action, counted round. */
  readonly place: number;
  readonly value: bigint;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom('read', 'write', 'write', 'act', 'wait'),
  place: fc.nat(200),
  value: fc.oneof(fc.bigInt(0n, 255n), fc.bigInt(0n, (1n << 64n) - 1n)),
});

const facts = { hartCount: 2 };
/** What a platform has to say of a device: a seed, a size, an address. */
const declared = { seed: 5, sectors: 64, mac: '02:00:00:00:00:01' };
const noMemory: BusPort = {
  read: () => 0n,
  write: () => true,
  ram: () => undefined,
  latencyOf: () => undefined,
};

/** A device alone with its clocks, and everything that anybody can see of it. */
class Lonely {
  readonly bench = new Bench([], { memory: noMemory, guestTimers: noMemory });
  readonly seen: string[] = [];
  readonly #device;

  constructor(definition: DeviceKind) {
    const options = deviceOptions(definition, declared, facts);
    const parsed = definition.options?.parse(options);
    this.#device = this.bench.circuit.add('device', definition, parsed);
    this.bench.circuit.start();
    for (const [port, { direction }] of Object.entries(definition.ports)) {
      if (direction !== 'stream') continue;
      this.#device.stream(port).subscribe((value) => this.#see(port, value));
    }
    for (const { path, direction } of this.#device.endpoints) {
      if (direction !== 'output') continue;
      this.bench.circuit.output(`device.${path}`).connect((value, tick) => {
        this.#see(`${path}@${String(tick)}`, value);
      });
    }
  }

  happen({ kind, place, value }: Happening): void {
    const { slots } = this.#device.registers;
    const slot = slots[place % Math.max(slots.length, 1)];
    const actions = Object.keys(this.#device.definition.actions ?? {});
    const action = actions[place % Math.max(actions.length, 1)];
    if (kind === 'wait') this.bench.runTo(this.bench.queue.now + 1 + Number(value % 300n));
    else if (kind === 'act' && action !== undefined) this.#device.act(action, Number(value & 255n));
    else if (slot !== undefined && kind === 'read') {
      this.#see(slot.name, this.#device.read(slot.start, slot.register.bytes));
    } else if (slot !== undefined && kind === 'write') {
      const bits = slot.register.bytes * 8;
      this.#device.write(slot.start, slot.register.bytes, BigInt.asUintN(bits, value));
    }
  }

  /** The state as a file holds it. */
  save(): string {
    const circuit = this.bench.circuit.save();
    return writePlain({ queue: this.bench.queue.save(), circuit });
  }

  restore(text: string): void {
    const { queue, circuit } = readPlain(text) as {
      readonly queue: Parameters<Bench['queue']['restore']>[0];
      readonly circuit: Parameters<Bench['circuit']['restore']>[0];
    };
    this.bench.queue.restore(queue);
    this.bench.circuit.restore(circuit);
  }

  #see(what: string, value: unknown): void {
    this.seen.push(`${what}: ${writePlain(value ?? null)}`);
  }
}

for (const definition of deviceKinds) {
  test(`a ${definition.kind} that was restored does what the one that was saved does`, (t) => {
    const before = fc.array(happening, { maxLength: 30 });
    const property = fc.property(before, before, (first, second) => {
      const whole = new Lonely(definition);
      for (const each of first) whole.happen(each);
      const saved = whole.save();
      const other = new Lonely(definition);
      // Whatever happened to it before is to be forgotten.
      for (const each of second) other.happen(each);
      other.restore(saved);
      t.deepEqual(other.bench.queue.unclaimed, []);
      t.is(other.save(), saved);
      other.seen.length = 0;
      whole.seen.length = 0;
      for (const machine of [whole, other]) for (const each of second) machine.happen(each);
      t.deepEqual(other.seen, whole.seen);
      t.is(other.save(), whole.save());
    });
    fc.assert(property, { ...cases(50, 31), endOnFailure: true });
  });
}

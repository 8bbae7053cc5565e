import test from 'ava';
import { htif, type Verdict } from '../../../hw/devices/index.ts';
import { MachineMemory } from '../../../hw/kernel/index.ts';
import { Bus, Memory, ram } from '../../../hw/memory/index.ts';
import { place } from '../kernel/bench.ts';

const base = 0x8000_0000;
const tohost = base + 0x1000;
const fromhost = base + 0x1040;
const putchar = 0x0101n << 48n;
const getchar = 0x0100n << 48n;

function program() {
  const machine = new MachineMemory([{ name: 'ram', bytes: 0x2_0000 }]);
  const bus = new Bus();
  bus.mapMemory(new Memory(ram, { name: 'dram', base, machine, area: machine.area('ram') }));
  const { device } = place(htif, undefined, { memory: bus });
  bus.overlay(tohost, 8, device, 0);
  bus.overlay(fromhost, 8, device, 8);
  const verdicts: Verdict[] = [];
  const output: number[] = [];
  device.stream('verdict').subscribe((verdict) => verdicts.push(verdict));
  device.stream('out').subscribe((byte) => output.push(byte));
  const text = (): string => String.fromCharCode(...output);
  const takeAnswer = (): bigint | undefined => {
    const answer = bus.read(fromhost, 8);
    bus.write(fromhost, 8, 0n);
    return answer;
  };
  return { bus, device, verdicts, output, text, takeAnswer };
}

/** A system call's request block in RAM, and its address in tohost. */
function call({ bus }: { bus: Bus }, ...words: readonly bigint[]): bigint | undefined {
  const block = base + 0x100;
  words.forEach((word, index) => bus.write(block + 8 * index, 8, word));
  bus.write(tohost, 8, BigInt(block));
  return bus.read(block, 8);
}

test('1 in tohost passes, any other odd payload fails with its upper bits', (t) => {
  const { bus, verdicts } = program();
  bus.write(tohost, 8, 1n);
  bus.write(tohost, 8, (7n << 1n) | 1n);
  t.deepEqual(verdicts, [{ kind: 'passed' }, { kind: 'failed', code: 7 }]);
});

test('tohost reads 0 once the command was taken', (t) => {
  const { bus } = program();
  bus.write(tohost, 8, 1n);
  t.is(bus.read(tohost, 8), 0n);
});

test('two word stores give one verdict, in either order', (t) => {
  const { bus, verdicts } = program();
  bus.write(tohost, 4, 3n);
  bus.write(tohost + 4, 4, 0n);
  t.deepEqual(verdicts, [{ kind: 'failed', code: 1 }]);
  const other = program();
  other.bus.write(tohost + 4, 4, putchar >> 32n);
  other.bus.write(tohost, 4, 0x41n);
  t.is(other.text(), 'A');
  t.deepEqual(other.verdicts, []);
});

test('device 1, command 1 puts a character, and nothing is answered', (t) => {
  const { bus, text } = program();
  for (const character of 'hello') {
    bus.write(tohost, 8, putchar | BigInt(character.charCodeAt(0)));
  }
  t.is(text(), 'hello');
  t.is(bus.read(fromhost, 8), 0n);
});

test('device 1, command 0 gets a character, when there is one', (t) => {
  const { bus, device, takeAnswer } = program();
  bus.write(tohost, 8, getchar);
  t.is(bus.read(fromhost, 8), 0n);
  device.act('receive', 0x78);
  device.act('receive', 0x79);
  t.is(takeAnswer(), getchar | 0x178n);
  t.is(bus.read(fromhost, 8), 0n);
  bus.write(tohost, 8, getchar);
  t.is(takeAnswer(), getchar | 0x179n);
});

test('an answer waits until software took the one before', (t) => {
  const { bus, device, takeAnswer } = program();
  bus.write(tohost, 8, getchar);
  bus.write(tohost, 8, getchar);
  device.act('receive', 1);
  device.act('receive', 2);
  t.is(takeAnswer(), getchar | 0x101n);
  t.is(takeAnswer(), getchar | 0x102n);
  t.is(takeAnswer(), 0n);
});

test('sys_write prints the buffer, returns the length and answers 1', (t) => {
  const machine = program();
  [0x6fn, 0x6bn, 0x0an].forEach((character, index) => {
    machine.bus.write(base + 0x200 + index, 1, character);
  });
  t.is(call(machine, 64n, 1n, BigInt(base + 0x200), 3n), 3n);
  t.is(machine.text(), 'ok\n');
  t.is(machine.takeAnswer(), 1n);
});

test('sys_exit gives the verdict', (t) => {
  const machine = program();
  call(machine, 93n, 0n);
  call(machine, 93n, 5n);
  t.deepEqual(machine.verdicts, [{ kind: 'passed' }, { kind: 'failed', code: 5 }]);
});

test('an unknown system call returns -ENOSYS, a buffer outside memory -EFAULT', (t) => {
  const machine = program();
  t.is(call(machine, 1234n), 2n ** 64n - 38n);
  t.is(call(machine, 64n, 1n, 0x10n, 3n), 2n ** 64n - 14n);
  t.is(call(machine, 64n, 1n, 2n ** 63n, 3n), 2n ** 64n - 14n);
});

test('a huge length is written in part', (t) => {
  const machine = program();
  t.is(call(machine, 64n, 1n, BigInt(base), 2n ** 64n - 1n), 0x1_0000n);
  t.is(machine.output.length, 0x1_0000);
});

test('a request block outside memory, and commands to no device, do no harm', (t) => {
  const { bus, verdicts, output } = program();
  bus.write(tohost, 8, 0x10n);
  bus.write(tohost, 8, 0x0505n << 48n);
  bus.write(tohost, 8, (0x0102n << 48n) | 1n);
  t.deepEqual([verdicts, output], [[], []]);
});

test('software that never takes an answer loses later ones and nothing grows', (t) => {
  const machine = program();
  for (let count = 0; count < 500; count++) {
    call(machine, 1234n);
  }
  t.is(machine.device.state.answers.length, 64);
});

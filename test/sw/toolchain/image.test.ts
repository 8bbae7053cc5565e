import test from 'ava';
import {
  buildImage,
  defineAssembly,
  defineImage,
  imageMap,
  registers,
  type AssemblyFunction,
} from '../../../sw/toolchain/index.ts';
import { FlatMachine } from './flat-machine.ts';

const { a0, a1, t0, zero } = registers;
const base = 0x1_0000n;

const source = `
import { cstr, fn_addr, probe, sym_addr } from './sw/shared/rv';
@unmanaged export class Thread {
  state: u8;
  next: Thread | null;
  count: u32;
}
export const LIMIT: u64 = (1 << 20) + 5;
export declare function advance(thread: Thread, by: u64): u64;
const thread = memory.data(32, 8);
let total: u64 = 7;
export function main(by: u64): u64 {
  const t = changetype<Thread>(thread);
  t.count = 40;
  probe('advance');
  total += advance(t, by);
  return total;
}
export function textAt(index: u64): u64 {
  return load<u8>(cstr('grüße') + index);
}
export function blobAt(index: u64): u64 {
  return load<u8>(sym_addr('greeting_start') + index);
}
export function blobBytes(): u64 {
  return sym_addr('greeting_end') - sym_addr('greeting_start');
}
function twice(x: u64): u64 {
  return x * 2;
}
export function callTwice(): u64 {
  return fn_addr(twice);
}
`;

const advance = defineAssembly('advance', (a, { offsetOf, constant }) => {
  a.lwu(t0, offsetOf('Thread', 'count'), a0);
  a.add(a0, t0, a1);
  a.li(t0, constant('LIMIT'));
  const done = a.label('done');
  a.bgeu(t0, a0, done);
  a.mv(a0, zero);
  a.place(done);
  a.ret();
});

function describe(assembly: readonly AssemblyFunction[] = [advance]) {
  return defineImage({
    ...{ name: 'sample', sources: ['sample.ts'], entry: 'main', base, assembly },
    ...{ stack: 4096, areas: { pool: 8192 } },
    blobs: { greeting: { bytes: new TextEncoder().encode('hello') } },
  });
}

const texts = new Map([['sample.ts', source]]);
const image = await buildImage(describe(), { texts });

function machine(): FlatMachine {
  const loaded = new FlatMachine();
  loaded.loadElf(image.elf);
  return loaded;
}

function symbol(name: string): bigint {
  const address = image.symbols.get(name);
  if (address === undefined) throw new Error(`${name} is missing`);
  return address;
}

function call(name: string, ...operands: bigint[]): bigint {
  return machine().call(symbol(name), operands, symbol('stack_top')).value;
}

test('assembly and compiled functions are joined by name, with the compiler’s layout and constants', (t) => {
  t.is(call('sample/main', 2n), 49n);
  t.is(call('sample/main', 1n << 30n), 7n);
});

test('cstr is NUL-terminated UTF-8', (t) => {
  const expected = [...new TextEncoder().encode('grüße'), 0];
  t.deepEqual(
    expected.map((_, k) => call('sample/textAt', BigInt(k))),
    expected.map(BigInt),
  );
});

test('a blob lies between its symbols', (t) => {
  t.is(call('sample/blobAt', 1n), BigInt('e'.charCodeAt(0)));
  t.is(call('sample/blobBytes'), 5n);
});

test('fn_addr is the entry of a function', (t) => {
  const entry = call('sample/callTwice');
  t.is(entry, symbol('sample/twice'));
  t.is(machine().call(entry, [21n], symbol('stack_top')).value, 42n);
});

test('a probe is a symbol that costs nothing', (t) => {
  const probe = symbol('probe$advance$0');
  const main = image.functions.find(({ name }) => name === 'sample/main');
  t.true(main && probe > main.address && probe < main.address + BigInt(main.size));
});

test('areas and stack are zeroed memory behind the data', (t) => {
  t.is(symbol('pool') % 4096n, 0n);
  t.is(symbol('pool_end') - symbol('pool'), 8192n);
  t.is(symbol('stack_top') - symbol('stack'), 4096n);
  t.true(symbol('pool') >= symbol('data_end'));
  t.true(image.elf.length < 16384);
});

test('the same sources give the same bytes', async (t) => {
  const again = await buildImage(describe(), { texts });
  t.deepEqual(again.elf, image.elf);
});

test('lines lead from an address to its source', (t) => {
  const main = image.functions.find(({ name }) => name === 'sample/main');
  const end = (main?.address ?? 0n) + BigInt(main?.size ?? 0);
  const lines = image.lines.filter(
    ({ address }) => address >= (main?.address ?? 0n) && address < end,
  );
  t.true(lines.length > 1);
  t.true(lines.every(({ location }) => location.file === 'sample.ts' && location.line >= 12));
  const map = JSON.parse(imageMap(image)) as { readonly functions: { readonly name: string }[] };
  t.true(map.functions.some(({ name }) => name === 'sample/main'));
});

test('branches and calls reach any distance', async (t) => {
  const far = defineAssembly('far', (a) => {
    const end = a.label('end');
    a.beqz(a0, end);
    a.call('landing');
    for (let k = 0; k < 2000; k += 1) a.nop();
    a.place(end);
    a.li(a0, 5);
    a.tail('landing');
  });
  const gap = defineAssembly('gap', (a) => {
    for (let k = 0; k < 300_000; k += 1) a.nop();
  });
  const landing = defineAssembly('landing', (a) => {
    a.addi(a0, a0, 1);
    a.ret();
  });
  const description = { ...describe([advance, far, gap, landing]), dataBase: 0x20_0000n };
  const distant = await buildImage(description, { texts });
  const loaded = new FlatMachine();
  loaded.loadElf(distant.elf);
  const entry = distant.symbols.get('far') ?? 0n;
  t.is(loaded.call(entry, [0n], 0x40_0000n).value, 6n);
});

test('an instruction with an operand that its encoding cannot hold is refused', async (t) => {
  const wrong = defineAssembly('advance', (a) => a.addi(a0, a0, 5000));
  await t.throwsAsync(buildImage(describe([wrong]), { texts }), {
    message: /assembly function advance: addi: imm = 5000/,
  });
});

test('a label that is never placed is refused', async (t) => {
  const wrong = defineAssembly('advance', (a) => a.j(a.label('nowhere')));
  await t.throwsAsync(buildImage(describe([wrong]), { texts }), {
    message: /assembly function advance: label .*nowhere is never placed/,
  });
});

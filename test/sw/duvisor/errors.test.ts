import test from 'ava';
import { runGuests } from '../boot-guests.ts';

const refuses = test.macro<[options: readonly string[], message: RegExp, status: number]>({
  exec: async (t, options, message, status) => {
    const { console } = await runGuests([{ guest: 'hello', options }]);
    t.regex(console, message);
    t.regex(console, new RegExp(`ended with status ${String(status)}\\b`));
  },
  title: (name) => `${name ?? ''} is refused with a message and its exit status`,
});

test('an unknown option', refuses, ['--frobnicate', '1'], /unknown option: --frobnicate/, 2);
test('a word that is no option', refuses, ['stray'], /not an option: stray/, 2);
test('an option without its value', refuses, ['--memory'], /needs a value: --memory/, 2);
test('a ninth vCPU', refuses, ['--vcpus', '9'], /--vcpus is not 1 to 8: 9/, 2);
test('memory that is no number', refuses, ['--memory', '4MB'], /--memory is not .*: 4MB/, 2);
test(
  'a kernel that does not exist',
  refuses,
  ['--kernel', '/no'],
  /cannot open the kernel: \/no/,
  3,
);
test(
  'a kernel linked outside the guest memory',
  refuses,
  ['--kernel', '/bin/duvisor'],
  /segment of the kernel lies outside the guest memory/,
  3,
);
test(
  'more memory than the quota',
  refuses,
  ['--memory', '1GiB'],
  /grants no memory for the guest/,
  4,
);

test('half an ELF file is refused, and the other VM runs', async (t) => {
  const half = new Uint8Array(40);
  half.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const { console } = await runGuests([{ guest: 'hello' }, { guest: half }]);
  t.regex(console, /not a whole 64-bit RISC-V ELF file/);
  t.regex(console, /Hello from the guest/);
});

test('a raw image begins 2 MiB into the memory', async (t) => {
  // li a7, 8 (legacy shutdown); ecall; j .
  const words = new Uint32Array([0x0080_0893, 0x0000_0073, 0x0000_006f]);
  const { end } = await runGuests([{ guest: new Uint8Array(words.buffer) }]);
  t.deepEqual(end.kind === 'verdict' && end.verdict, { kind: 'passed' });
});

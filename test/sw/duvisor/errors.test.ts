import test from 'ava';
import { runGuests } from '../boot-guests.ts';

interface Refusal {
  readonly options: readonly string[];
  readonly message: RegExp;
  readonly status: number;
}

const refusals: readonly Refusal[] = [
  { options: ['--frobnicate', '1'], message: /unknown option: --frobnicate/, status: 2 },
  { options: ['stray'], message: /not an option: stray/, status: 2 },
  { options: ['--memory'], message: /needs a value: --memory/, status: 2 },
  { options: ['--vcpus', '9'], message: /--vcpus is not 1 to 8: 9/, status: 2 },
  { options: ['--memory', '4MB'], message: /--memory is not .*: 4MB/, status: 2 },
  { options: ['--kernel', '/no'], message: /cannot open the kernel: \/no/, status: 3 },
  {
    options: ['--kernel', '/bin/duvisor'],
    message: /segment of the kernel lies outside the guest memory/,
    status: 3,
  },
  {
    options: ['--memory', '1GiB'],
    message: /grants no memory for the guest/,
    status: 4,
  },
];

test('a command line that makes no sense is refused with a message and its exit status', async (t) => {
  const requests = refusals.map(({ options }) => ({ guest: 'hello', options }));
  const { console, end } = await runGuests(requests);
  for (const { message } of refusals) t.regex(console, message);
  refusals.forEach(({ status }, index) => {
    const ending = `process ${String(index + 1)} (/bin/duvisor) ended with status ${String(status)}`;
    t.true(console.includes(ending), `${ending}\n${console}`);
  });
  t.deepEqual(end.kind === 'verdict' && end.verdict, { kind: 'failed', code: 1 });
});

test('half an ELF file is refused before anything boots', async (t) => {
  const half = new Uint8Array(40);
  half.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  await t.throwsAsync(runGuests([{ guest: 'hello' }, { guest: half }]), { message: /E-IMG-002/ });
});

test('a raw image begins 2 MiB into the memory', async (t) => {
  // li a7, 8 (legacy shutdown); ecall; j .
  const words = new Uint32Array([0x0080_0893, 0x0000_0073, 0x0000_006f]);
  const { end } = await runGuests([{ guest: new Uint8Array(words.buffer) }]);
  t.deepEqual(end.kind === 'verdict' && end.verdict, { kind: 'passed' });
});

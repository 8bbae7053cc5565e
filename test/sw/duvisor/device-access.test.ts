import test from 'ava';
import { runProgramAsGuest } from '../boot-guests.ts';
import { keep, supervisorProgram } from '../firmware/supervisor-program.ts';

const uart = 0x1000_0000;
const nothing = 0x2000_0000;

/** Accesses to the UART's registers in order, and what loads find; above a byte-wide register wider loads see zeros. */
const accesses: readonly (readonly [instruction: string, loaded?: bigint])[] = [
  ['li a0, 0xf5\nsb a0, 7(t3)'],
  ['lb a0, 7(t3)', 0xffff_ffff_ffff_fff5n],
  ['lbu a0, 7(t3)', 0xf5n],
  ['lb a0, 2(t3)', 0xffff_ffff_ffff_ffc1n],
  ['lh a0, 2(t3)', 0xc1n],
  ['lhu a0, 2(t3)', 0xc1n],
  ['li a0, 0x1203\nsh a0, 4(t3)'],
  ['lw a0, 4(t3)', 3n],
  ['li a0, 0x12345608\nsw a0, 4(t3)'],
  ['lwu a0, 4(t3)', 8n],
  ['li a0, 0x1234567800000041\nsd a0, 0(t3)'],
  ['ld a0, 0(t3)', 0n],
];

test('loads and stores of every width reach a device, and loads extend as the instruction says', async (t) => {
  const program = accesses.map(([instruction]) => `${instruction}\n${keep}`).join('\n');
  const { result, console } = await runProgramAsGuest(
    supervisorProgram(`li t3, ${String(uart)}\n${program}`),
  );
  t.is(result('trap', 3), 0n, 'nothing traps');
  accesses.forEach(([instruction, loaded], index) => {
    if (loaded !== undefined) t.is(result('results', 2 * index), loaded, instruction);
  });
  t.true(console.includes('A'));
});

test('an access that no device answers is an access fault of the guest, at its address', async (t) => {
  const kinds = [
    ['lw a0, 8(t3)', 5n],
    ['sd a0, 8(t3)', 7n],
    ['amoadd.w a0, a0, (t4)', 7n],
    ['lr.w a0, (t4)', 5n],
  ] as const;
  const body = kinds
    .map(
      ([instruction]) => `
      ${instruction}
      la t5, trap
      ld a0, 0(t5)
      ld a1, 8(t5)
      ${keep}`,
    )
    .join('\n');
  const { result } = await runProgramAsGuest(
    supervisorProgram(`li t3, ${String(nothing)}\naddi t4, t3, 8\n${body}`),
  );
  kinds.forEach(([instruction, cause], index) => {
    t.is(result('results', 2 * index), cause, instruction);
    t.is(result('results', 2 * index + 1), BigInt(nothing + 8), instruction);
  });
});

test('an atomic operation on a device register is an access fault', async (t) => {
  const { result } = await runProgramAsGuest(
    supervisorProgram(`li t3, ${String(uart)}\namoswap.w a0, a0, (t3)`),
  );
  t.is(result('trap', 0), 7n);
  t.is(result('trap', 1), BigInt(uart));
});

test('a hypervisor’s instruction is illegal in a guest', async (t) => {
  const { result } = await runProgramAsGuest(supervisorProgram('hfence.gvma x0, x0'));
  t.is(result('trap', 0), 2n);
});

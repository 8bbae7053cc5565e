import test from 'ava';
import { runSupervisor } from '../software-machine.ts';
import { keep, sbi, eid, supervisorProgram } from './supervisor-program.ts';

const data = `
  .align 3
  bytes: .byte 0x81, 0x92, 0xa3, 0xb4, 0xc5, 0xd6, 0xe7, 0xf8, 0x09, 0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x70
  .zero 16
`;

const loads: readonly (readonly [instruction: string, expected: bigint])[] = [
  ['lh a0, 1(s1)', 0xffff_ffff_ffff_a392n],
  ['lhu a0, 1(s1)', 0xa392n],
  ['lw a0, 1(s1)', 0xffff_ffff_c5b4_a392n],
  ['lwu a0, 1(s1)', 0xc5b4_a392n],
  ['lw a0, 7(s1)', 0x2b1a_09f8n],
  ['ld a0, 1(s1)', 0x09f8_e7d6_c5b4_a392n],
  ['ld a0, 7(s1)', 0x6f5e_4d3c_2b1a_09f8n],
];

test('a misaligned load gives the bytes that it names, extended as the instruction says', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `la s1, bytes\n${loads.map(([instruction]) => instruction + '\n' + keep).join('\n')}`,
      data,
    ),
  );
  loads.forEach(([instruction, expected], index) => {
    t.is(result('results', 2 * index), expected, instruction);
  });
  t.is(result('trap', 3), 0n, 'S mode does not notice');
});

test('a misaligned store writes its bytes and no others', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `
      la s1, bytes
      li a0, 0x1122334455667788
      sh a0, 1(s1)
      sw a0, 5(s1)
      sd a0, 17(s1)
      `,
      data,
    ),
  );
  t.is(result('bytes', 0), 0x6677_88c5_b477_8881n);
  t.is(result('bytes', 1), 0x706f_5e4d_3c2b_1a55n);
  t.is(result('bytes', 2), 0x2233_4455_6677_8800n);
  t.is(result('bytes', 3), 0x11n);
});

test('misaligned loads to x0 and over the base register work', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `la s1, bytes\n lw zero, 1(s1)\n mv a0, zero\n ld s1, 1(s1)\n mv a1, s1\n ${keep}`,
      data,
    ),
  );
  t.is(result('results', 0), 0n);
  t.is(result('results', 1), 0x09f8_e7d6_c5b4_a392n);
});

test('a misaligned atomic keeps its exception, delivered to S mode with its address', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `la s1, bytes\n addi s1, s1, 2\n amoadd.w a0, a1, (s1)\n mv a0, s1\n ${keep}`,
      data,
    ),
  );
  t.is(result('trap', 0), 6n);
  t.is(result('trap', 1), result('results', 0));
  t.is(result('trap', 3), 1n);
});

/** Maps RAM at its own address with a gigabyte page and the first page of virtual memory to `page`, the second not at all. */
const paging = `
  la t0, root
  la t1, middle
  srli t1, t1, 2
  ori t1, t1, 1
  sd t1, 0(t0)
  li t1, (0x80000000 >> 2) | 0xcf
  sd t1, 16(t0)
  la t0, middle
  la t1, inner
  srli t1, t1, 2
  ori t1, t1, 1
  sd t1, 0(t0)
  la t0, inner
  la t1, page
  srli t1, t1, 2
  ori t1, t1, 0xc7
  sd t1, 0(t0)
  la t0, root
  srli t0, t0, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
`;
const tables = `
  .align 12
  root: .zero 4096
  middle: .zero 4096
  inner: .zero 4096
  page: .zero 4088
  .dword 0x8877665544332211
`;

test('a misaligned load over the end of the mapped page faults at the first byte behind it', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `
      ${paging}
      li s1, 4096
      ld a0, -7(s1)
      la s2, trap
      ld a0, 0(s2)
      ld a1, 8(s2)
      ${keep}
      lw a0, -5(s1)
      ${keep}
      sd a0, -3(s1)
      ld a0, 0(s2)
      ld a1, 8(s2)
      ${keep}
      `,
      tables,
    ),
  );
  t.is(result('results', 0), 13n);
  t.is(result('results', 1), 4096n);
  t.is(result('results', 2), 0x7766_5544n);
  t.is(result('results', 4), 15n);
  t.is(result('results', 5), 4096n);
});

test('an illegal instruction reaches S mode with its bits', async (t) => {
  const { result } = await runSupervisor(supervisorProgram(`illegal: .word 0xffffffff\n`));
  t.is(result('trap', 0), 2n);
  t.is(result('trap', 1), 0xffff_ffffn);
});

test('guest accesses made with HLV and HSV are emulated with the guest’s rights', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `
      li t0, 0x100
      csrs hstatus, t0
      ${sbi(eid.pmc, 0, 1, 0x8040_0000, 0x1000, 7)}
      ${sbi(eid.pmc, 2, 1)}
      li s1, 0x80400000
      li a0, 0x1122334455667788
      addi s2, s1, 3
      hsv.d a0, (s2)
      hlv.w a0, (s2)
      ${keep}
      hlvx.wu a0, (s2)
      ld a1, 0(s1)
      ${keep}
      li t0, 0xffd
      add s2, s1, t0
      hlv.d a0, (s2)
      la s3, trap
      ld a0, 0(s3)
      ld a1, 8(s3)
      ${keep}
      `,
    ),
  );
  t.is(result('results', 0), 0x5566_7788n);
  t.is(result('results', 2), 0x5566_7788n);
  t.is(result('results', 3), 0x4455_6677_8800_0000n);
  t.is(result('results', 4), 5n);
  t.is(result('results', 5), 0x8040_1000n);
});

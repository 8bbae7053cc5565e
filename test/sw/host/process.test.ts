import test from 'ava';
import { call, executable, runHost } from '../software-machine.ts';
import { sys } from './system-calls.ts';

const say = (text: string, status = 0): string => `
  ${call(sys.write, 1, 'text', text.length + 1)}
  ${call(sys.exitGroup, status)}
  text: .asciz ${JSON.stringify(`${text}\n`)}
`;
const faults: readonly (readonly [what: string, code: string, status: number])[] = [
  ['reads the kernel', 'li t0, 0x80200000\nld t0, 0(t0)', 139],
  ['writes memory it does not have', 'li t0, 0x40000\nsd t0, 0(t0)', 139],
  ['jumps to an unmapped address', 'li t0, 0x40000\njr t0', 139],
  ['jumps to a non-canonical address', 'li t0, 1 << 50\njr t0', 139],
  ['executes an illegal instruction', '.word 0', 132],
  ['writes a CSR of the kernel', 'csrw satp, zero', 132],
  ['reads a register of DV-Ext', 'csrr t0, 0x041', 132],
  ['enters a guest', '.word 0x00200073', 132],
  ['hits a breakpoint', 'ebreak', 133],
];

test('processes of the list run, and the machine passes when all end with status 0', async (t) => {
  const { end, text } = await runHost('# two\n/bin/a\n\n/bin/b  with arguments\n', [
    executable('bin/a', say('I am a')),
    executable('bin/b', say('I am b')),
  ]);
  t.like(end, { kind: 'verdict', verdict: { kind: 'passed' } });
  t.deepEqual(text.replaceAll('\0', '').trim().split('\n').toSorted(), ['I am a', 'I am b']);
});

test('the kernel runs on a machine without the H extension', async (t) => {
  const { end, text } = await runHost('/bin/a\n', [executable('bin/a', say('I am a'))], {
    platform: 'no-dv-2hart',
    set: ['harts.isa=rv64ima_zicsr_zifencei'],
  });
  t.like(end, { kind: 'verdict', verdict: { kind: 'passed' } });
  t.regex(text, /I am a/);
});

test('the machine fails when a process ends with another status', async (t) => {
  const { end, text } = await runHost('/bin/a\n/bin/b\n', [
    executable('bin/a', say('I am a', 3)),
    executable('bin/b', say('I am b')),
  ]);
  t.like(end, { kind: 'verdict', verdict: { kind: 'failed' } });
  t.regex(text, /process \d+ \(\/bin\/a\) ended with status 3/);
});

test('a process gets its arguments on its stack', async (t) => {
  const { text } = await runHost('/bin/echo first second\n', [
    executable(
      'bin/echo',
      `
      ld s1, 0(sp)
      addi s2, sp, 8
    next:
      ld a1, 0(s2)
      beqz a1, done
      mv a2, a1
    length:
      lbu t0, 0(a2)
      beqz t0, print
      addi a2, a2, 1
      j length
    print:
      sub a2, a2, a1
      li a0, 1
      li a7, ${String(sys.write)}
      ecall
      ${call(sys.write, 1, 'comma', 1)}
      addi s2, s2, 8
      addi s1, s1, -1
      j next
    done:
      mv a0, s1
      li a7, ${String(sys.exitGroup)}
      ecall
    comma: .ascii ","
    `,
    ),
  ]);
  t.is(text, '/bin/echo,first,second,');
});

test('what cannot be started is reported, and the rest runs', async (t) => {
  const { end, text } = await runHost('/bin/none\n/bin/junk\n/bin/a\n', [
    { path: 'bin/junk', contents: new Uint8Array(100), isExecutable: true },
    executable('bin/a', say('I am a')),
  ]);
  t.like(end, { verdict: { kind: 'failed' } });
  t.regex(text, /cannot start \/bin\/none: no such file/);
  t.regex(text, /cannot start \/bin\/junk: not a RISC-V ELF file/);
  t.regex(text, /I am a/);
});

for (const [what, code, status] of faults) {
  test(`a process that ${what} ends with ${String(status)}, the kernel and others go on`, async (t) => {
    const { end, text } = await runHost('/bin/bad\n/bin/good\n', [
      executable('bin/bad', `${code}\n${say('still here')}`),
      executable(
        'bin/good',
        `${call(sys.nanosleep, 'time', 0)}\n${say('I am good')}\n.align 3\ntime: .dword 0, 2000000`,
      ),
    ]);
    t.like(end, { kind: 'verdict', verdict: { kind: 'failed' } });
    t.regex(text, new RegExp(`\\(/bin/bad\\) ended with status ${String(status)}`));
    t.regex(text, /I am good/);
    t.notRegex(text, /still here/);
  });
}

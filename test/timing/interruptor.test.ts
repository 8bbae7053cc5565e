import test from 'ava';
import { engineNames } from '../harness/engines.ts';
import { runProgram } from '../platforms/machine.ts';

// What a hart accesses by an instruction that is no load or store takes the time of the access all the same: duvisor 2.2
// (`rdtime` and opcode 0x77 of the prototype), 5.5 (CSRs of the QEMU fork), 5.1 (`hu_vitr`).

const pipelines = ['rules', 'stages'] as const;
const PARK = 'csrr t0, mhartid\n0: bnez t0, 0b';

/** Cycles of some code of hart 0 in M, the second time that it is executed. */
function cyclesOf(setUp: string, body: string, platform: string, overlay: string): number {
  const { machine } = runProgram(
    `${PARK}
    ${setUp}
    li s1, 2
    j 1f
    .balign 64
  1:
    csrr s2, mcycle
    ${body}
    csrr s3, mcycle
    addi s1, s1, -1
    bnez s1, 1b
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
  2:
    j 2b`,
    platform,
    overlay,
  );
  const { x } = machine.harts[0]?.state ?? {};
  return Number((x?.[19] ?? 0n) - (x?.[18] ?? 0n));
}

interface Accesses {
  readonly platform: string;
  readonly setUp?: string;
  readonly body: string;
  /** How many accesses of each kind it makes. */
  readonly makes: Readonly<Partial<Record<keyof typeof longer, number>>>;
}

/** By how much the accesses of a kind are made longer, and how long they are usually. */
const longer = {
  clintLoad: { by: 10, usual: 8 },
  clintStore: { by: 100, usual: 6 },
  postedLoad: { by: 1000, usual: 9 },
} as const;

/** VM 1 has a vCPU, number 0. */
const withVcpu = 'li t0, 0x04000000\nli t1, 1\nsw t1, 4(t0)\ncsrw h_vmid, t1\ncsrw hu_vcpuid, zero';

const accesses: Readonly<Record<string, Accesses>> = {
  'rdtime of the prototype': {
    platform: 'prototype-2hart',
    body: 'csrr t0, time',
    makes: { clintLoad: 1 },
  },
  'rdtime of any other hart': { platform: 'duvisor-2hart', body: 'csrr t0, time', makes: {} },
  'a read of a CSR of the fork': {
    platform: 'fork-2hart',
    body: 'csrr t0, vipi0',
    makes: { clintLoad: 1 },
  },
  'a write to a CSR of the fork': {
    platform: 'fork-2hart',
    body: 'csrw vipi0, zero',
    makes: { clintLoad: 1, clintStore: 1 },
  },
  'the fork’s own guest timer': { platform: 'fork-2hart', body: 'csrr t0, vtimecmp', makes: {} },
  'a post': {
    platform: 'duvisor-2hart',
    setUp: withVcpu,
    body: 'csrw hu_vitr, zero',
    makes: { postedLoad: 1 },
  },
};

/** A list of parameters, longer or as usual. */
function parameters(areLonger: boolean): string {
  return Object.entries(longer)
    .map(([name, { by, usual }]) => `${name}: { value: ${String(usual + (areLonger ? by : 0))} }`)
    .join(', ');
}

for (const [name, { platform, setUp = '', body, makes }] of Object.entries(accesses)) {
  for (const pipeline of pipelines) {
    test(`${name} takes as long as its accesses (${pipeline})`, (t) => {
      const found = [false, true].map((areLonger) => {
        const machine = `pipeline: ${pipeline}, timing: { parameters: { ${parameters(areLonger)} } }`;
        const cycles = new Set<number>();
        for (const engine of engineNames) {
          cycles.add(cyclesOf(setUp, body, platform, `engine: ${engine}\nharts: { ${machine} }`));
        }
        t.is(cycles.size, 1, 'engines agree');
        return [...cycles][0] ?? 0;
      });
      const [usual = 0, more = 0] = found;
      const expected = (['clintLoad', 'clintStore', 'postedLoad'] as const).reduce(
        (sum, kind) => sum + (makes[kind] ?? 0) * longer[kind].by,
        0,
      );
      t.is(more - usual, expected);
    });
  }
}

test('rdtime of the prototype is a load at the interruptor’s usual place, wherever the interruptor is', (t) => {
  for (const pipeline of pipelines) {
    const { machine } = runProgram(
      `la t0, trapped
      csrw mtvec, t0
      li a0, 0
      csrr s2, time
    trapped:
      csrr a0, mcause
      csrr a1, mtval
      li t0, 0x100000
      li t1, 0x5555
      sw t1, 0(t0)
    1:
      j 1b`,
      'prototype-2hart',
      `harts: { pipeline: ${pipeline} }\ndevices: { clint: { at: 0x300_0000 } }`,
    );
    t.deepEqual([...(machine.harts[0]?.state.x.slice(10, 12) ?? [])], [5n, 0x0200_bff8n]);
  }
});

import test from 'ava';
import { assemble } from '../../hw/isa/index.ts';
import { bootBare, loadPlatform, run } from '../../platforms/index.ts';
import { inProject } from '../harness/project-root.ts';

// Counts follow docs/timing.md, "Caches" and "TLB miss", from a cold start with other memory and another bus than those that the
// parameters were found with.
const platform = inProject('platforms', 'rocket-rtl.yaml');
const end = 'li t6, 0x54000000\nsd x0, 0x50(t6)\nj .\n';
const LINE_BYTES = 64;

/** What is set. */
interface Setting {
  readonly latency: number;
  readonly busBytes: number;
}

/** Cycles by what was waited for. */
interface Waits {
  readonly data: number;
  readonly fetch: number;
  readonly walk: number;
}

function waitsOf(text: string, { latency, busBytes }: Setting): Waits {
  const memory = 'harts.timing.memory';
  const set = [
    `${memory}.backEnd.latency=${String(latency)}`,
    `${memory}.parameters.systemBusBytes=${String(busBytes)}`,
  ];
  const { bytes } = assemble(text, { base: 0x8000_0000n });
  const { machine } = bootBare(loadPlatform(platform, { set }), { name: 'text', bytes }, [0n]);
  const steps = run(machine, { cycles: 100_000 });
  while (steps.next().done !== true);
  const [hart] = machine.harts;
  if (hart === undefined) throw new Error('no hart');
  return {
    data: hart.account.cyclesOf('data-cache'),
    fetch: hart.account.cyclesOf('instruction-cache'),
    walk: hart.account.cyclesOf('walk-stage-1'),
  };
}

/** From memory over 16 bytes an access need not wake the answer that is waiting for the last beats; a fetch tries again too rarely to see it. */
function fromMemory({ latency, busBytes }: Setting): number {
  return latency + (busBytes > 8 ? 19 : 20);
}

/** Eight cycles there and back, and the beats of the line. */
function fromL2({ busBytes }: Setting): number {
  return 8 + LINE_BYTES / busBytes;
}

/** Ten cycles and the beats; over 8 bytes nothing hides that the instruction starts over. */
function victim({ busBytes }: Setting): number {
  return busBytes > 8 ? 12 : 18;
}

function fetched({ latency }: Setting): number {
  return latency + 20;
}

function fetchedLate({ latency }: Setting): number {
  return latency + 25;
}

const settings: readonly Setting[] = [
  { latency: 100, busBytes: 8 },
  { latency: 40, busBytes: 8 },
  { latency: 100, busBytes: 16 },
  { latency: 40, busBytes: 16 },
];

const waits = test.macro<[text: string, expected: (setting: Setting) => Partial<Waits>]>({
  exec: (t, text, expected) => {
    for (const setting of settings) {
      const all = { data: 0, fetch: fetched(setting), walk: 0 };
      t.deepEqual(
        waitsOf(text, setting),
        { ...all, ...expected(setting) },
        JSON.stringify(setting),
      );
    }
  },
  title: (what = '') => `${what}, at every latency and width of the bus`,
});

test(
  'a load that misses both caches waits for memory',
  waits,
  `li t0, 0x81000040\nld t1, 0(t0)\nld t2, 8(t0)\n${end}`,
  (setting) => ({ data: fromMemory(setting) }),
);

test(
  'a load of a line that was fetched as code waits for the L2',
  waits,
  `auipc t0, 0\nld t1, 0(t0)\nld t2, 8(t0)\n${end}`,
  (setting) => ({ data: fromL2(setting) }),
);

test(
  'a stream waits for each of its lines',
  waits,
  `li t0, 0x81000040
   ${Array.from({ length: 8 }, (_, line) => `sd t1, ${String(LINE_BYTES * line)}(t0)`).join('\n')}
   ${end}`,
  (setting) => ({ data: 8 * fromMemory(setting) }),
);

// The register that chooses ways is 1, 2, 4 … 2¹⁰, and then takes in its taps: the lines go to ways 1, 2, 0 (nine times in all), 1, 2,
// 1, 3 and 2, and find a dirty one there but for the first of each.
test(
  'twelve of sixteen lines that are written in one set drive out others',
  waits,
  `li t0, 0x81000040
   li t1, 4096
   li t2, 16
   1: sd x0, 0(t0)
   add t0, t0, t1
   addi t2, t2, -1
   bnez t2, 1b
   ${end}`,
  (setting) => ({ data: 16 * fromMemory(setting) + 12 * victim(setting) }),
);

test(
  'code waits for its first line, and begins anew for the second',
  waits,
  `${'nop\n'.repeat(16)}${end}`,
  (setting) => ({ fetch: fetched(setting) + fetchedLate(setting) }),
);

test(
  'a walk waits for the line of its entry besides its nine cycles, and the access behind it for its own',
  waits,
  `li t0, -1
   csrw pmpaddr0, t0
   li t0, 0x1f
   csrw pmpcfg0, t0
   li t1, 0x8000000000080001
   csrw satp, t1
   li t0, 0x81001000
   li t1, 0x20800
   csrs mstatus, t1
   li t2, 0x1000
   csrc mstatus, t2
   ld t2, 64(t0)
   csrc mstatus, t1
   ${end}
   .align 12
   .zero 16
   .dword 0x200000cf`,
  (setting) => ({ data: fromMemory(setting), walk: 9 + fromMemory(setting) }),
);

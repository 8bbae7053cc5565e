import test from 'ava';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from '../../hw/isa/index.ts';
import { bundled, dvlab, scratch } from './command-line.ts';

const platform = bundled('duvisor-2hart');
const run = (...flags: readonly string[]) => dvlab('run', platform, ...flags);
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

test('a guest under DuVisor prints to standard output, and the table of its exits is a remark', async (t) => {
  const out = scratch('run');
  const { status, result, remarks } = await run(
    '--stack',
    'duvisor',
    '--guest',
    'hello',
    '--out',
    out,
  );
  t.is(status, 0, remarks);
  t.is(result, 'Hello from the guest\n');
  t.regex(
    remarks,
    /^VM exit +to +count +min +mean +max +trap +save +dispatch +handler +restore +return/m,
  );
  t.regex(remarks, /^environmentCallFromVS +HU +1 /m);
  t.regex(remarks, /^passed/m);
  t.deepEqual(readdirSync(out).toSorted(), [
    'config.resolved.yaml',
    'console.log',
    'exits.csv',
    'manifest.json',
    'platform.dts',
    'stats.json',
  ]);
  t.is(read(out, 'console.log'), result);
  t.regex(read(out, 'exits.csv'), /^hart,handler,cause,step,count,min,mean,max\n\d,HU,/);
});

/** Hashes of the programs that a run used. */
function programsOf(folder: string): unknown {
  return (JSON.parse(read(folder, 'manifest.json')) as { readonly images: unknown }).images;
}

test('two runs leave the same bytes in all files but the manifest', async (t) => {
  const folders = [scratch('a'), scratch('b')] as const;
  for (const folder of folders)
    await run('--stack', 'duvisor', '--guest', 'hello', '--out', folder);
  const [first, second] = folders;
  t.deepEqual(programsOf(first), programsOf(second), 'both runs had the same programs');
  for (const name of readdirSync(first)) {
    if (name !== 'manifest.json') t.is(read(first, name), read(second, name), name);
  }
});

/** Assembles a supervisor program and writes it as a raw image. */
function rawImage(source: string): string {
  const path = scratch('guest.bin');
  writeFileSync(path, assemble(source, { base: 0x8020_0000 }).bytes);
  return path;
}

/** Prints one letter through the SBI, then shuts down with the reason in `reason`. */
function rawGuest(reason: number): string {
  return rawImage(`
    li a7, 1
    li a0, 0x58
    ecall
    li a7, 0x53525354
    li a6, 0
    li a0, 0
    li a1, ${String(reason)}
    ecall
    1: j 1b`);
}

for (const stack of ['duvisor', 'firmware']) {
  test(`a raw image of somebody else runs as a guest on the stack ${stack}`, async (t) => {
    const { status, result } = await run(
      '--stack',
      stack,
      '--guest',
      rawGuest(0),
      '--out',
      scratch('raw'),
    );
    t.is(status, 0);
    t.is(result, 'X');
  });
}

test('a guest that shuts down with a failure exits 1 and leaves the last traps', async (t) => {
  const out = scratch('failed');
  const { status } = await run('--stack', 'duvisor', '--guest', rawGuest(1), '--out', out);
  t.is(status, 1);
  t.regex(
    read(out, 'last-events.txt'),
    /^\d+ {2}hart \d {2}VS -> HU {2}environmentCallFromVS {2}at 0x80200008/m,
  );
  t.regex(read(out, 'last-events.txt'), / at 0x[0-9a-f]+ <duvisor\/[^>]+> sw\/\S+\.ts:\d+/m);
});

test('a guest that can neither go on nor take its trap is found out by the watchdog', async (t) => {
  const guest = rawImage('csrw stvec, zero\n.word 0');
  const { status, remarks } = await run(
    '--stack',
    'duvisor',
    '--guest',
    guest,
    '--out',
    scratch('storm'),
  );
  t.is(status, 23);
  t.regex(remarks, /E-RUN-004.*a guest on hart 1 exits again and again/);
  t.regex(
    remarks,
    /^ +hart 0 {2}mode HS {2}pc 0x[0-9a-f]+ <host\/scheduler[^>]*> sw\/host\/\S+\.ts:\d+ {2}in WFI/m,
  );
  t.regex(remarks, /last trap: instructionGuestPageFault from VS to HU at 0x0/);
});

test('a guest that waits for nothing is found out by the watchdog', async (t) => {
  const guest = rawImage('csrw sie, zero\n1: wfi\nj 1b');
  const { status, remarks } = await run(
    '--stack',
    'duvisor',
    '--guest',
    guest,
    '--out',
    scratch('wfi'),
  );
  t.is(status, 23);
  t.regex(remarks, /E-RUN-004.*waits in WFI, and nothing is left that could wake it/);
});

test('a budget that is used up names file and line of each hart', async (t) => {
  const { status, remarks } = await run(
    ...['--stack', 'firmware', '--guest', 'hello', '--max-instructions', '2k'],
    ...['--out', scratch('budget')],
  );
  t.is(status, 22);
  t.regex(
    remarks,
    /E-RUN-002.*\n +hart 0 {2}mode (M|HS) {2}pc 0x[0-9a-f]+ <[^>]+> sw\/\S+\.ts:\d+ {2}running/,
  );
});

/** VM exits of a run because stage 2 had no page. */
function stage2Faults(folder: string): number {
  const rows = read(folder, 'exits.csv').split('\n');
  const totals = rows.filter((row) => row.includes('GuestPageFault,total,'));
  return totals.reduce((sum, row) => sum + Number(row.split(',')[4]), 0);
}

test('--megapages maps 2 MiB at a stage-2 fault, so that a guest has fewer of them', async (t) => {
  const faults = async (...flags: readonly string[]): Promise<number> => {
    const out = scratch('pages');
    const { status } = await run('--stack', 'duvisor', '--guest', 'hello', ...flags, '--out', out);
    t.is(status, 0);
    return stage2Faults(out);
  };
  t.deepEqual([await faults(), await faults('--megapages')], [3, 1]);
});

test('--input types at the console, from where the guest’s console device has it', async (t) => {
  const typed = scratch('typed');
  writeFileSync(typed, 'what is typed\n\x04');
  const { status, result } = await run(
    ...['--stack', 'duvisor', '--guest', 'devices', '--devices', 'console'],
    ...['--append', 'console-echo', '--input', typed, '--out', scratch('run')],
  );
  t.is(status, 0);
  t.regex(result, /^what is typed\nresult: console-opened 0x1\n/);
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { shared, sharedPrograms, type SharedProgram } from './program.ts';

/**
 * Runs random programs here and on Spike and compares their commit logs; docs/verification.md, "Spike's commit log".
 * `node dist/test/spike/compare.js [programs] [seed]`
 */
const [programs = '100', seed = '1'] = process.argv.slice(2);

const INSTRUCTIONS = 4000;
/** What Spike executes before the program. */
const BOOT_INSTRUCTIONS = 5;
const directory = mkdtempSync(join(tmpdir(), 'dvlab-spike-'));
const elfPath = join(directory, 'program.elf');
const logPath = join(directory, 'spike.log');

function linesOfSpike({ elf, isa }: SharedProgram): readonly string[] {
  writeFileSync(elfPath, elf);
  const { status, stderr } = spawnSync('spike', [
    ...[`--isa=${isa}`, '-m0x80000000:0x400000', '--pmpregions=16', '--log-commits'],
    ...[`--log=${logPath}`, `--instructions=${String(INSTRUCTIONS + BOOT_INSTRUCTIONS)}`, elfPath],
  ]);
  if (status === null) throw new Error(`spike ended with ${String(status)}: ${String(stderr)}`);
  const lines = readFileSync(logPath, 'utf8').trimEnd().split('\n');
  return lines.slice(BOOT_INSTRUCTIONS).map(withoutTimer);
}

/** Spike's timer has expired when it starts, and it logs a register of Smaia with `mip`. */
function withoutTimer(line: string): string {
  return line
    .replace(/ c777_mvip 0x\w+/, '')
    .replace(/c836_mip 0x(\w+)/, (_, bits: string) => {
      const pending = BigInt(`0x${bits}`) & ~(1n << 7n);
      return `c836_mip 0x${pending.toString(16).padStart(16, '0')}`;
    })
    .trimEnd();
}

/** The same number of attempts as Spike counts: an instruction that traps is one. */
function linesHere({ machine }: SharedProgram): readonly string[] {
  const lines: string[] = [];
  const { hart, scheduler, queue } = machine;
  hart.commitLog = (line) => {
    lines.push(line);
    // Spike's TLB holds nothing that the tables do not say.
    hart.mmu.tlb.flush();
  };
  for (let slices = 0; slices < 1000 && lines.length < INSTRUCTIONS; slices += 1) {
    scheduler.run(queue.now + 1000);
  }
  return lines;
}

/** SC may fail where a store of its own hart came between, and here it does (unpriv 13.2). */
function isConditionalStore(line: string): boolean {
  const [, word = '0'] = /\((0x[0-9a-f]+)\)/.exec(line) ?? [];
  const bits = Number(word);
  return (bits & 0x7f) === 0x2f && bits >>> 27 === 3;
}

let [compared, different, instructions, lostReservations] = [0, 0, 0, 0];
for (const program of fc.sample(sharedPrograms, {
  numRuns: Number(programs),
  seed: Number(seed),
})) {
  const both = shared(program);
  const theirs = linesOfSpike(both);
  const ours = linesHere(both);
  compared += 1;
  const count = Math.min(theirs.length, ours.length);
  // What the loader writes may differ in bits that simulators choose, and that the program does not read.
  let at = both.loaderLength;
  while (at < count && theirs[at] === ours[at]) at += 1;
  instructions += at - both.loaderLength;
  if (at === count) continue;
  if (isConditionalStore(theirs[at] ?? '')) {
    lostReservations += 1;
    continue;
  }
  different += 1;
  if (different > 5) continue;
  const name = join(directory, `different-${String(different)}`);
  writeFileSync(`${name}.elf`, both.elf);
  writeFileSync(`${name}.s`, program.text);
  console.log(
    `program ${String(compared)}, line ${String(at)}, ${JSON.stringify(program.environment)}`,
  );
  console.log(`  ${ours.slice(Math.max(0, at - 3), at).join('\n  ')}`);
  console.log(`Spike: ${String(theirs[at])}\nhere:  ${String(ours[at])}`);
}
console.log(
  `${String(compared)} programs, ${String(instructions)} instructions, ${String(different)} programs differ, ` +
    `${String(lostReservations)} ended at an SC whose hart had stored before it`,
);
if (different === 0) rmSync(directory, { recursive: true });
else console.log(`programs that differ are in ${directory}`);

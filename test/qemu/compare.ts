import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { assemble } from '../../hw/isa/index.ts';
import { run } from '../../platforms/index.ts';
import { bootProgram } from '../platforms/machine.ts';
import { qemuProgram } from './program.ts';

/**
 * Runs random programs here and on QEMU and compares what they print; docs/verification.md, "QEMU".
 * `node dist/test/qemu/compare.js [programs] [seed] [engine]`
 */
const [programs = '100', seed = '1', engine = 'auto'] = process.argv.slice(2);

const DIGITS = 16;
const LOG = 66;
const TRAP_DWORDS = 3;
const TRAPS = 100;
const BREAKPOINT = '3'.padStart(DIGITS, '0');
const accessFaults = new Set(['5', '7'].map((cause) => cause.padStart(DIGITS, '0')));
const directory = mkdtempSync(join(tmpdir(), 'dvlab-qemu-'));
const image = join(directory, 'program.bin');
const qemu = [
  ...['-M', 'virt', '-cpu', 'rv64,zba=on,zbb=on,zbs=on', '-m', '64', '-bios', 'none'],
  ...['-display', 'none', '-monitor', 'none', '-serial', 'stdio'],
  ...['-device', `loader,file=${image},addr=0x80000000,force-raw=on`],
];

function printedByQemu(bytes: Uint8Array): string {
  writeFileSync(image, bytes);
  const { stdout } = spawnSync('qemu-system-riscv64', qemu, { encoding: 'utf8', timeout: 20_000 });
  return stdout;
}

function printedHere(text: string): string {
  const isa = 'rv64imafdc_zicsr_zifencei_zba_zbb_zbs_h';
  const overlay = `engine: ${engine}\nharts: { isa: ${isa}, misaligned: hardware }\n`;
  const { machine } = bootProgram(text, 'bare-1hart', overlay);
  let printed = '';
  machine.console$.subscribe(({ byte }) => (printed += String.fromCharCode(byte)));
  const steps = run(machine, { cycles: 10_000_000 });
  while (steps.next().done !== true);
  return printed;
}

function nameOf(index: number): string {
  if (index < 32) return `x${String(index)}`;
  if (index < 64) return `f${String(index - 32)}`;
  if (index === 64) return 'fcsr';
  if (index === 65) return 'mstatus.FS';
  const trap = Math.floor((index - LOG) / TRAP_DWORDS);
  if (trap >= TRAPS) return `data ${String(index)}`;
  return `${['mcause', 'mepc', 'mtval'][(index - LOG) % TRAP_DWORDS] ?? ''} of trap ${String(trap)}`;
}

let [compared, different, instructions, traps] = [0, 0, 0, 0];
const kinds = new Map<string, number>();
for (const text of fc.sample(qemuProgram, { numRuns: Number(programs), seed: Number(seed) })) {
  const { bytes, labels } = assemble(text, { base: 0x8000_0000 });
  const [theirs, ours] = [printedByQemu(bytes), printedHere(text)];
  compared += 1;
  instructions += text.split('begin:')[1]?.split('ecall')[0]?.split('\n').length ?? 0;
  const lines: string[] = [];
  for (let at = 0; at < Math.max(theirs.length, ours.length); at += DIGITS) {
    const [one, other] = [theirs.slice(at, at + DIGITS), ours.slice(at, at + DIGITS)];
    const index = at / DIGITS;
    const isTrap = index >= LOG && index < LOG + TRAPS * TRAP_DWORDS;
    if (isTrap && (index - LOG) % TRAP_DWORDS === 1 && /[^0]/.test(ours.slice(at, at + DIGITS))) {
      traps += 1;
    }
    if (isTrap && (index - LOG) % TRAP_DWORDS === 2) {
      const cause = ours.slice(at - 2 * DIGITS, at - DIGITS);
      // EBREAK may report its address or not (priv 3.1.16).
      if (cause === BREAKPOINT) continue;
      // QEMU cuts a misaligned access into aligned ones and reports the address of one of them.
      if (accessFaults.has(cause) && one.slice(0, -1) === other.slice(0, -1)) continue;
    }
    if (one !== other) lines.push(`${nameOf(index)}: ${one} on QEMU, ${other} here`);
  }
  if (lines.length === 0) continue;
  different += 1;
  const [first = ''] = lines;
  const kind = first.replace(/\d+:.*/, '').replace(/:.*/, '');
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  if (different <= 5) {
    writeFileSync(join(directory, `different-${String(different)}.s`), text);
    console.log(`program ${String(compared)}, begin ${String(labels.get('begin')?.toString(16))}:`);
    console.log(lines.slice(0, 6).join('\n'));
  }
}
console.log(
  `${String(compared)} programs, ${String(instructions)} instructions, ${String(traps)} exceptions; ` +
    `${String(different)} programs differ`,
);
for (const [kind, count] of kinds) console.log(`first difference in ${kind}: ${String(count)}`);
if (different === 0) rmSync(directory, { recursive: true });
else console.log(`programs that differ are in ${directory}`);

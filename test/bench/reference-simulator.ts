import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NamedFile } from '../../platforms/index.ts';
import { withWork } from './program.ts';
import type { Sample } from './sample.ts';

/** Somebody else's simulator that may be installed here, and how it is started with a bare program. */
export interface ReferenceSimulator {
  readonly name: string;
  readonly command: string;
  readonly arguments: (elf: string) => readonly string[];
}

const simulators: readonly ReferenceSimulator[] = [
  {
    name: 'qemu',
    command: 'qemu-system-riscv64',
    arguments: (elf) => [
      ...['-M', 'virt', '-cpu', 'rv64,h=true', '-m', '256'],
      ...['-display', 'none', '-serial', 'none', '-monitor', 'none'],
      ...['-bios', 'none', '-kernel', elf],
    ],
  },
  {
    name: 'spike',
    command: 'spike',
    arguments: (elf) => ['--isa=rv64gch', '-m0x80000000:0x10000000', elf],
  },
];

/** Those that are installed. */
export function installedSimulators(): readonly ReferenceSimulator[] {
  return simulators.filter(({ command }) => {
    return spawnSync(command, ['--help'], { stdio: 'ignore' }).error === undefined;
  });
}

/** What is measured of a program: its instructions per iteration, and the seconds that a sample should take. */
interface Plan {
  readonly instructionsPerIteration: number;
  readonly seconds: number;
}

/**
 * Measures the difference between a run of one iteration and one of many, so that starting costs nothing; undefined if the
 * simulator cannot run the program.
 */
export function sampleReference(
  simulator: ReferenceSimulator,
  program: NamedFile,
  plan: Plan,
): Sample | undefined {
  const run = (iterations: number): number =>
    secondsOf(simulator, withWork(program, { iterations }));
  const start = run(1);
  if (Number.isNaN(start)) return undefined;
  let iterations = 16;
  let seconds = run(iterations) - start;
  while (seconds < plan.seconds && !Number.isNaN(seconds)) {
    iterations = Math.ceil(
      iterations * Math.min(8, (1.2 * plan.seconds) / Math.max(seconds, 0.01)),
    );
    seconds = run(iterations) - start;
  }
  if (Number.isNaN(seconds)) return undefined;
  return { instructions: (iterations - 1) * plan.instructionsPerIteration, seconds };
}

/** Seconds on processors that a run takes, as the shell counts them; NaN if it fails. */
function secondsOf(
  { command, arguments: argumentsFor }: ReferenceSimulator,
  { bytes }: NamedFile,
): number {
  const folder = mkdtempSync(join(tmpdir(), 'dvlab-bench-'));
  try {
    const elf = join(folder, 'program.elf');
    writeFileSync(elf, bytes);
    const script = 'TIMEFORMAT="%U %S"; time "$@" </dev/null >/dev/null 2>&1';
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', script, 'bench', command, ...argumentsFor(elf)],
      { encoding: 'utf8', timeout: 120_000 },
    );
    if (status !== 0) return NaN;
    return stderr
      .trim()
      .split(' ')
      .reduce((sum, part) => sum + Number(part), 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guestFolder } from '../../cli/build/image-catalog.ts';
import { stackOf } from '../../cli/run/stack-kinds.ts';
import { loadPlatform } from '../../platforms/index.ts';
import { inProject } from '../harness/project-root.ts';
import type { Figure } from './figures.ts';
import { buildQuietly } from './program.ts';

/** Makes a process say at its end what it took. */
const report = `data:text/javascript,process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  console.error('took', maxRSS, userCPUTime + systemCPUTime);
})`;

const PLATFORM = 'duvisor-2hart';
const MIB = 2 ** 20;
const MEGABYTE = 1e6;

/** Bytes of memory at the peak, and what of them a platform's RAM does not explain, though not all of that be in use. */
export function memoryFigures(peakBytes: number): Figure[] {
  const { memory } = loadPlatform(inProject('platforms', `${PLATFORM}.yaml`));
  const ram = Object.values(memory).filter(({ kind }) => kind === 'ram');
  const ramBytes = ram.reduce((sum, { size }) => sum + size, 0);
  return [
    { name: 'start/peak-memory', value: peakBytes / MIB, unit: 'MiB' },
    { name: 'start/memory-above-ram', value: (peakBytes - ramBytes) / MEGABYTE, unit: 'MB' },
  ];
}

/** What `npm start` takes behind the build: seconds on the clock and on processors, and memory at its peak. */
export async function startFigures(): Promise<Figure[]> {
  await buildQuietly([...stackOf('duvisor').folders, guestFolder('measure')]);
  const folder = mkdtempSync(join(tmpdir(), 'dvlab-bench-'));
  try {
    const argv = ['run', PLATFORM, '--stack', 'duvisor', '--guest', 'measure'];
    const begin = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', report, inProject('bin/dvlab.mjs'), ...argv, '--out', folder],
      { encoding: 'utf8', cwd: inProject('.') },
    );
    const seconds = (performance.now() - begin) / 1000;
    if (status !== 0) throw new Error(`npm start failed: ${stderr}`);
    const [, kibibytes, microseconds] = /^took (\d+) (\d+)$/m.exec(stderr) ?? [];
    return [
      { name: 'start/clock', value: seconds, unit: 's' },
      { name: 'start/processors', value: Number(microseconds) / 1e6, unit: 's' },
      ...memoryFigures(Number(kibibytes) * 1024),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

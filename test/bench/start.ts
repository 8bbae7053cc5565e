import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { imageCache } from '../../cli/build/build-images.ts';
import { loadPlatform } from '../../platforms/index.ts';
import { inProject } from '../harness/project-root.ts';
import type { Figure } from './figures.ts';

/** Makes every process say at its end what it took; not its threads, which are part of it. */
const report = `import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write('took ' + maxRSS + ' ' + (userCPUTime + systemCPUTime) + '\\n');
});`;

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

/** What `npm start` took in all: seconds on the clock and on processors, and bytes of the largest process at its peak. */
interface Start {
  readonly clock: number;
  readonly processors: number;
  readonly peakBytes: number;
}

function start(): Start {
  const reporting = `--import=data:text/javascript,${encodeURIComponent(report)}`;
  const begin = performance.now();
  const { status, stderr } = spawnSync('npm', ['start'], {
    ...{ encoding: 'utf8', cwd: inProject('.'), shell: process.platform === 'win32' },
    env: { ...process.env, NODE_OPTIONS: reporting },
  });
  const clock = (performance.now() - begin) / 1000;
  if (status !== 0) throw new Error(`npm start failed: ${stderr}`);
  const reports = [...stderr.matchAll(/^took (\d+) (\d+)$/gm)];
  const microseconds = reports.reduce((sum, [, , taken]) => sum + Number(taken), 0);
  const peakBytes = Math.max(...reports.map(([, kibibytes]) => Number(kibibytes) * 1024));
  return { clock, processors: microseconds / 1e6, peakBytes };
}

/** What `npm start` takes behind the build: where no image has been compiled yet, and where all have. */
export function startFigures(): Figure[] {
  mkdirSync(imageCache, { recursive: true });
  const away = mkdtempSync(join(dirname(imageCache), 'aside-'));
  const kept = join(away, 'images');
  renameSync(imageCache, kept);
  try {
    const cold = start();
    const warm = start();
    return [
      { name: 'start/clock', value: cold.clock, unit: 's' },
      { name: 'start/processors', value: cold.processors, unit: 's' },
      { name: 'start/warm/clock', value: warm.clock, unit: 's' },
      { name: 'start/warm/processors', value: warm.processors, unit: 's' },
      ...memoryFigures(Math.max(cold.peakBytes, warm.peakBytes)),
    ];
  } finally {
    rmSync(imageCache, { recursive: true, force: true });
    renameSync(kept, imageCache);
    rmSync(away, { recursive: true });
  }
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guestFolder } from '../../cli/build/image-catalog.ts';
import { stackOf } from '../../cli/run/stack-kinds.ts';
import { inProject } from '../harness/project-root.ts';
import type { Figure } from './figures.ts';
import { buildQuietly } from './program.ts';

/** Makes a process say at its end what it took. */
const report = `data:text/javascript,process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  console.error('took', maxRSS, userCPUTime + systemCPUTime);
})`;

/** What `npm start` takes behind the build: seconds on the clock and on processors, and memory at its peak. */
export async function startFigures(): Promise<Figure[]> {
  await buildQuietly([...stackOf('duvisor').folders, guestFolder('measure')]);
  const folder = mkdtempSync(join(tmpdir(), 'dvlab-bench-'));
  try {
    const argv = ['run', 'duvisor-2hart', '--stack', 'duvisor', '--guest', 'measure'];
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
      { name: 'start/peak-memory', value: Number(kibibytes) / 1024, unit: 'MiB' },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import test from 'ava';
import { setTimeout } from 'node:timers/promises';
import { ProgressLine } from '../../cli/run/progress-line.ts';
import { bootBare, loadPlatform } from '../../platforms/index.ts';
import { bundled } from './command-line.ts';

test('the progress line tells cycles, instructions, speed and the mode of each hart', async (t) => {
  const remarks: string[] = [];
  const output = {
    result: () => undefined,
    remark: (text: string) => remarks.push(text),
    isTerminal: true,
  };
  // wfi; j .
  const bytes = new Uint8Array(Uint32Array.of(0x1050_0073, 0x0000_006f).buffer);
  const { machine } = bootBare(loadPlatform(bundled('duvisor-2hart')), { name: 'wait', bytes });
  machine.runTo(20_000);
  const progress = new ProgressLine(machine, output);
  progress.update();
  t.deepEqual(remarks, [], 'it is too early for a line');
  await setTimeout(300);
  progress.update();
  t.is(remarks.length, 1);
  const [shown = ''] = remarks;
  t.true(shown.startsWith('\r\u001B[K'));
  const line = /^[\d,]+ cycles {2}\d+ instructions {2}\d\.\d\d MIPS {2}\[M wfi \| M wfi\]$/;
  t.regex(shown.slice(4), line);
  progress.clear();
  t.is(remarks[1], '\r\u001B[K');
});

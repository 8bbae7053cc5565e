import test from 'ava';
import { figuresOf } from '../../cli/stats/figures.ts';
import { statsOf } from '../../cli/stats/stats-file.ts';
import { Statistics } from '../../hw/kernel/index.ts';
import { Bus } from '../../hw/memory/index.ts';
import { countDeviceAccesses } from '../../platforms/device-counts.ts';
import { engineNames } from '../harness/engines.ts';
import { runProgram } from './machine.ts';

const TURNS = 20;
const CLINT = 0x0200_0000;
const PLIC = 0x0c00_0000;

/** In each turn two loads and a store of the one, an AMO, which is both, of the other. */
const program = `
    li s0, ${String(TURNS)}
    li s1, ${String(CLINT)}
    li s2, ${String(PLIC)}
    li s3, ${String(CLINT + 0x4000)}
  1: lw a0, 0(s1)
    ld a0, 0(s3)
    sd a0, 0(s3)
    amoor.w a0, zero, (s2)
    addi s0, s0, -1
    bnez s0, 1b
    li t1, 0x100000
    li t2, 0x5555
    sw t2, 0(t1)
  halt: j halt`;

for (const engine of engineNames) {
  for (const platform of ['bare-1hart', 'rocket-rtl']) {
    test(`${platform}, ${engine}: every access to a device is counted as one that reads, writes or is refused`, (t) => {
      const { machine } = runProgram(program, platform, `engine: ${engine}`);
      const figures = figuresOf(statsOf(machine));
      const count = (name: string): number =>
        figures.find((figure) => figure.name === `device.${name}`)?.value ?? -1;
      t.is(count('clint.reads'), 2 * TURNS);
      t.is(count('clint.writes'), TURNS);
      t.is(count('clint.refusals'), 0);
      const ofPlic = count('plic.reads') + count('plic.writes') + count('plic.refusals');
      t.true(ofPlic >= TURNS);
      // The one platform has the device that ends programs.
      const endings = platform === 'bare-1hart' ? 1 : 0;
      const all = figures.filter(({ name }) => name.startsWith('device.'));
      t.is(
        all.reduce((sum, { value }) => sum + value, 0),
        3 * TURNS + ofPlic + endings,
      );
    });
  }
}

test('an access that a device refuses is neither a read nor a write', (t) => {
  const bus = new Bus();
  const statistics = new Statistics();
  const shy = { name: 'shy', size: 8, latency: 'slow', read: () => undefined, write: () => false };
  bus.mapDevice(0, shy);
  countDeviceAccesses(bus, [{ name: 'shy', definition: shy }], statistics);
  bus.read(0, 4);
  bus.write(4, 4, 1n);
  bus.read(8, 4);
  t.deepEqual(statistics.snapshot(), { device: { shy: { reads: 0, refusals: 2, writes: 0 } } });
});

import test from 'ava';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildImages } from '../../cli/build/build-images.ts';
import { outcomeOf } from '../../cli/reproduce/outcome.ts';
import type { Observation } from '../../cli/reproduce/attack.ts';
import { readElf } from '../../platforms/index.ts';
import { dvlab, scratch } from './command-line.ts';

interface Table {
  readonly attacks: readonly {
    readonly cve: string;
    readonly stack: string;
    readonly outcome: string;
    readonly seen: Observation;
  }[];
}

test.serial(
  'table6: the same bug takes the host with it in the kernel, and one process under DuVisor',
  async (t) => {
    const out = scratch('table6');
    const { status, result, remarks } = await dvlab('reproduce', 'table6', '--quick', '--out', out);
    t.is(status, 0, remarks);
    t.regex(result, /^CVE-2016-8630 +ISA emulation +kvm +host down /m);
    const { attacks } = JSON.parse(readFileSync(join(out, 'table6.json'), 'utf8')) as Table;
    t.is(attacks.length, 4);
    for (const { cve, stack, outcome, seen } of attacks) {
      const what = `${cve} ${stack}`;
      t.is(outcome, stack === 'kvm' ? 'host down' : 'process ended', what);
      t.is(seen.isNeighbourSound, stack === 'duvisor', what);
      t.is(seen.panic === undefined, stack === 'duvisor', what);
      t.is(seen.nextVmAt === undefined, stack === 'kvm', what);
      t.true(seen.bootedAt > 0, what);
    }
    t.is(readFileSync(join(out, 'table6.csv'), 'utf8').trimEnd().split('\n').length, 5);
  },
);

test.serial('no image of the product has a planted bug', async (t) => {
  const names = ['sw/host', 'sw/duvisor', 'sw/planted-bugs/host-with-bugs'] as const;
  const images = await buildImages(names, {
    ...{ result: () => undefined, remark: () => undefined, isTerminal: false },
  });
  const has = images.map(({ name, bytes }) => {
    return readElf(name, bytes).symbols.addressOf('jump_to') !== undefined;
  });
  t.deepEqual(has, [false, false, true]);
});

const quiet: Observation = {
  bootedAt: 1,
  panic: undefined,
  victimStatus: undefined,
  victimEndedAt: undefined,
  hasSurvived: false,
  isNeighbourSound: true,
  nextVmAt: 2,
  isHostIntact: true,
  harts: ['hart 0  mode HU  pc 0x1'],
  endedAt: 3,
};

test('outcomes are named by what was seen', (t) => {
  t.is(outcomeOf(quiet), 'process loops');
  t.is(outcomeOf({ ...quiet, panic: 'trap' }), 'host down');
  t.is(outcomeOf({ ...quiet, isNeighbourSound: false, nextVmAt: undefined }), 'host down');
  t.is(outcomeOf({ ...quiet, isHostIntact: false }), 'host memory changed');
  t.is(outcomeOf({ ...quiet, hasSurvived: true, victimStatus: 1 }), 'no effect');
  t.is(outcomeOf({ ...quiet, victimStatus: 139 }), 'process ended');
  t.is(outcomeOf({ ...quiet, victimStatus: 5 }), 'VM ended');
  const harts = ['hart 1  mode HS  pc 0x1 <kvm/sbi/dispatch/sbiCall> sw/planted-bugs/points.ts:49'];
  t.is(outcomeOf({ ...quiet, harts }), 'hart lost');
});

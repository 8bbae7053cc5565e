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

/** What becomes of the bugs that `--quick` plants. */
const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'CVE-2016-8630': {
    kvm: 'host down',
    deprivileged: 'process ended',
    duvisor: 'process ended',
  },
  'CVE-2016-5412': {
    kvm: 'hart lost',
    deprivileged: 'process killed',
    duvisor: 'process killed',
  },
};

async function attacksOf(table: string, ...flags: readonly string[]) {
  const out = scratch(table);
  const { status, result, remarks } = await dvlab('reproduce', table, '--out', out, ...flags);
  const read = (kind: string): string => readFileSync(join(out, `${table}.${kind}`), 'utf8');
  const { attacks } = JSON.parse(read('json')) as Table;
  return { status, result, remarks, read, attacks };
}

test.serial(
  'table6: the same bug takes the host or a hart with it in the kernel, and one process at user level; table5 is the same attacks again',
  async (t) => {
    const { status, result, remarks, read, attacks } = await attacksOf('table6', '--quick');
    t.is(status, 0, remarks);
    t.regex(result, /^CVE-2016-8630 +ISA emulation +kvm +host down /m);
    t.is(attacks.length, 6);
    t.is(read('csv').trimEnd().split('\n').length, 7);
    for (const { cve, stack, outcome, seen } of attacks) {
      const what = `${cve} ${stack}`;
      t.true(outcome === expected[cve]?.[stack], `${what}: ${outcome}`);
      t.is(seen.isNeighbourSound, outcome !== 'host down', what);
      t.is(seen.panic !== undefined, outcome === 'host down', what);
      t.is(seen.nextVmAt !== undefined, outcome.startsWith('process'), what);
      t.deepEqual(seen.hostDamage, [], what);
      t.is(seen.killedAt !== undefined, cve === 'CVE-2016-5412', what);
      t.is(seen.hasOutlivedKill, outcome === 'hart lost', what);
    }
    const again = await attacksOf('table5', '--quick', '--stack', 'kvm');
    t.regex(again.result, /^para-virtualization +4 +0 +0 +hart lost$/m);
    t.deepEqual(
      again.attacks,
      attacks.filter(({ stack }) => stack === 'kvm'),
    );
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
  killedAt: undefined,
  hasOutlivedKill: false,
  hostDamage: [],
  harts: ['hart 0  mode HU  pc 0x1'],
  endedAt: 3,
};

test('outcomes are named by what was seen', (t) => {
  t.is(outcomeOf(quiet), 'process loops');
  t.is(outcomeOf({ ...quiet, panic: 'trap' }), 'host down');
  t.is(outcomeOf({ ...quiet, isNeighbourSound: false, nextVmAt: undefined }), 'host down');
  t.is(outcomeOf({ ...quiet, hostDamage: ['text'] }), 'host memory changed');
  t.is(outcomeOf({ ...quiet, hasSurvived: true, victimStatus: 1 }), 'no effect');
  t.is(outcomeOf({ ...quiet, victimStatus: 139 }), 'process ended');
  t.is(outcomeOf({ ...quiet, victimStatus: 137 }), 'process killed');
  t.is(outcomeOf({ ...quiet, victimStatus: 5 }), 'VM ended');
  const harts = ['hart 1  mode HS  pc 0x1 <kvm/sbi/dispatch/sbiCall> sw/planted-bugs/points.ts:49'];
  t.is(outcomeOf({ ...quiet, harts }), 'hart lost');
});

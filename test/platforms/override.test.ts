import test from 'ava';
import fc from 'fast-check';
import { loadPlatform } from '../../platforms/index.ts';
import { readFromProject, reportOf } from './report.ts';

const base = 'platforms/duvisor-2hart.yaml';
const load = (...set: string[]) => loadPlatform(base, { set, readText: readFromProject });

test('--set changes a value that a file gives', (t) => {
  t.is(load('memory.dram.size=512MiB').memory['dram']?.size, 512 * 2 ** 20);
});

test('--set changes a value that no file gives but the schema has', (t) => {
  t.is(load('quantum=100').quantum, 100);
  t.is(load('harts.dvExt.pmc.entries=8').harts.dvExt.rules?.['pmc.entries'], 8);
});

test('--set reaches into a timing file', (t) => {
  const { loadUse } = load('harts.timing.parameters.loadUse=7').harts.timing.parameters;
  t.deepEqual(loadUse, { value: 7 });
});

test('--set rewires an input, whose name holds dots itself', (t) => {
  const { wires } = load('wires.hart.0.meip=uart0.irq');
  t.is(wires.find(({ input }) => input === 'hart.0.meip')?.driver, 'uart0.irq');
});

test('the last --set of a key wins', (t) => {
  t.is(load('harts.misaligned=hardware', 'harts.misaligned=trap').harts.misaligned, 'trap');
});

test('--set of a key that the platform does not have is an error that names the nearest', (t) => {
  t.is(
    reportOf(base, { set: ['harts.misalined=trap'] }),
    [
      "error[E-CFG-011]: --set names 'misalined', which 'harts' does not have",
      '  ┌─ --set harts.misalined=trap',
      "   = did you mean 'misaligned'?",
      '   = help: dvlab check PLATFORM --resolved',
      '',
    ].join('\n'),
  );
});

test('--set of a device that the platform does not have is an error', (t) => {
  t.regex(reportOf(base, { set: ['devices.uart1.at=0x2000_0000'] }), /E-CFG-011.*'uart1.at'/);
});

test('--set without a value is an error', (t) => {
  t.regex(reportOf(base, { set: ['harts.count'] }), /E-CFG-011.*key=value/);
});

test('a wrong value is reported with the --set that gave it', (t) => {
  const report = reportOf(base, { set: ['harts.count=many'] });
  t.regex(report, /E-CFG-004.*'harts.count': many\n {2}┌─ --set harts.count=many/);
});

test('no --set makes loading throw anything but a report', (t) => {
  const keys = fc.constantFrom('harts', 'harts.count', 'memory.dram', 'wires', 'devices.uart0', '');
  const values = fc.oneof(
    fc.string(),
    fc.constantFrom('~', '{}', '[1, 2]', '&a b', '"', '{ a: *b }'),
  );
  fc.assert(
    fc.property(keys, values, (key, value) => {
      reportOf(base, { set: [`${key}=${value}`] });
    }),
    { numRuns: 60 },
  );
  t.pass();
});

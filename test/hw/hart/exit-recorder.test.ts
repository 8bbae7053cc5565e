import test from 'ava';
import { ExitRecorder, type ExitSummary } from '../../../hw/hart/index.ts';

const start = {
  ...{ handler: 'HU', cause: 'environmentCallFromVS', vmid: 1, before: 100, after: 105 },
  ...{ pcHigh: 0, pcLow: 0x8000_0000 },
};

function only(recorder: ExitRecorder): ExitSummary {
  const [summary] = recorder.summaries();
  if (summary === undefined) throw new Error('no exit was recorded');
  return summary;
}

function means({ steps }: ExitSummary): Record<string, number> {
  const nonZero = Object.entries(steps).filter(([, { mean }]) => mean > 0);
  return Object.fromEntries(nonZero.map(([step, { mean }]) => [step, mean]));
}

test('an exit is split at the probes and at the return', (t) => {
  const recorder = new ExitRecorder();
  recorder.left(start);
  recorder.reached('dispatch', 120);
  recorder.reached('handler', 130);
  recorder.reached('restore', 170);
  recorder.entered({ vmid: 1, before: 200, after: 205 });
  const summary = only(recorder);
  t.deepEqual(means(summary), {
    trap: 5,
    save: 15,
    dispatch: 10,
    handler: 40,
    restore: 30,
    return: 5,
  });
  t.is(summary.total.mean, 105);
});

test('an interrupt of the host is set apart, and what is nested in it too', (t) => {
  const recorder = new ExitRecorder();
  recorder.left(start);
  recorder.reached('handler', 110);
  recorder.interrupted(120);
  recorder.interrupted(130);
  recorder.continued(1, 'HS', 140);
  recorder.reached('restore', 150);
  recorder.continued(1, 'HU', 160);
  recorder.entered({ vmid: 1, before: 170, after: 175 });
  t.deepEqual(means(only(recorder)), { trap: 5, save: 5, handler: 20, nested: 40, return: 5 });
});

test('a system call of the handler belongs to the step that made it', (t) => {
  const recorder = new ExitRecorder();
  recorder.left(start);
  recorder.reached('handler', 110);
  recorder.continued(1, 'HU', 150);
  recorder.entered({ vmid: 1, before: 160, after: 165 });
  t.deepEqual(means(only(recorder)), { trap: 5, save: 5, handler: 50, return: 5 });
});

test('without probes everything between trap and return is handling', (t) => {
  const recorder = new ExitRecorder();
  recorder.left({ ...start, handler: 'HS' });
  recorder.entered({ vmid: 1, before: 160, after: 165 });
  t.deepEqual(means(only(recorder)), { trap: 5, handler: 55, return: 5 });
});

test('two virtual machines on one hart do not disturb each other', (t) => {
  const recorder = new ExitRecorder();
  recorder.left(start);
  recorder.interrupted(110);
  recorder.continued(2, 'HU', 200);
  t.false(recorder.isHandling);
  recorder.reached('handler', 210);
  recorder.entered({ vmid: 2, before: 220, after: 225 });
  t.deepEqual(recorder.summaries(), [], 'nobody saw VM 2 leave');
  recorder.left({ ...start, vmid: 2, before: 300, after: 305 });
  recorder.interrupted(310);
  recorder.continued(1, 'HU', 400);
  recorder.entered({ vmid: 1, before: 410, after: 415 });
  t.deepEqual(means(only(recorder)), { trap: 5, nested: 290, handler: 15, return: 5 });
});

test('exits are grouped by handler and cause', (t) => {
  const recorder = new ExitRecorder();
  for (const [index, cause] of ['a', 'b', 'a'].entries()) {
    const before = index * 100;
    recorder.left({ ...start, cause, before, after: before + 5 });
    recorder.entered({ vmid: 1, before: before + 10 * (index + 1), after: before + 50 });
  }
  t.deepEqual(
    recorder.summaries().map(({ cause, total }) => [cause, total.count]),
    [
      ['a', 2],
      ['b', 1],
    ],
  );
  recorder.reset();
  t.deepEqual(recorder.summaries(), []);
});

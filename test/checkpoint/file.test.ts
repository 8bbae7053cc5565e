import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { DvlabError, restoreCheckpoint, saveCheckpoint } from '../../platforms/index.ts';
import { bootBusy } from './busy-program.ts';

const program = { name: 'busy.elf', bytes: Uint8Array.of(1, 2, 3) };
const saved = savedBytes();

function savedBytes(): Uint8Array {
  const { machine } = bootBusy();
  machine.runTo(1000);
  return saveCheckpoint(machine, { program });
}

/** What restoring a file on a machine is refused with. */
function refusal(bytes: Uint8Array, set: readonly string[] = [], programs = { program }): string {
  const { machine } = bootBusy({ set });
  const before = [...machine.checkpoint.save()];
  try {
    restoreCheckpoint(machine, { name: 'x.ckpt', bytes }, programs);
  } catch (error) {
    if (!(error instanceof DvlabError)) throw error;
    const after = machine.checkpoint.save();
    const changed = before.filter(([name, section]) => {
      return Buffer.compare(section, after.get(name) ?? new Uint8Array()) !== 0;
    });
    return changed.length === 0 ? error.message : 'the machine has changed';
  }
  return 'restored';
}

function edited(edit: (text: string) => string): Uint8Array {
  return Buffer.from(edit(Buffer.from(saved).toString('latin1')), 'latin1');
}

test('the same machine, saved twice, gives the same bytes', (t) => {
  t.is(Buffer.compare(saved, savedBytes()), 0);
  t.is(refusal(saved), 'restored');
});

test('a file that is something else is refused', (t) => {
  const expected = /E-CKP-002\]: x\.ckpt is no checkpoint: it should begin with 'dvlab-checkpoint'/;
  t.regex(refusal(Buffer.from('\x7fELF')), expected);
  t.regex(refusal(new Uint8Array()), expected);
});

test('a file of another format is refused', (t) => {
  const newer = edited((text) => text.replace('dvlab-checkpoint 1 ', 'dvlab-checkpoint 2 '));
  t.regex(
    refusal(newer),
    /E-CKP-003\]: x\.ckpt has format 2; this version of dvlab reads format 1/,
  );
});

test('a file that was cut off, or that something was added to, is refused', (t) => {
  const lengths = new RegExp(`E-CKP-004.*should have ${String(saved.length)}`);
  t.regex(refusal(saved.subarray(0, saved.length - 1)), lengths);
  t.regex(refusal(Buffer.concat([saved, Uint8Array.of(0)])), lengths);
  t.regex(refusal(saved.subarray(0, 200)), /E-CKP-004.*its header is not what was written/);
});

test('wherever a byte has changed, the file is refused and the machine is as it was', (t) => {
  const { machine } = bootBusy();
  fc.assert(
    fc.property(fc.nat(saved.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
      const bytes = Uint8Array.from(saved);
      bytes[place] = (bytes[place] ?? 0) ^ change;
      const error = t.throws(() => restoreCheckpoint(machine, { name: 'x.ckpt', bytes }));
      t.true(error instanceof DvlabError);
    }),
    { numRuns: 200 },
  );
  t.is(machine.cycle, 0);
});

test('a machine that differs is refused, with the first value that does', (t) => {
  t.regex(refusal(saved, ['quantum=10']), /E-CKP-005.*quantum is 10, in the checkpoint exact/);
  t.regex(
    refusal(saved, ['harts.timing.parameters.loadUse=9']),
    /E-CKP-005.*loadUse.* is 9, in the checkpoint \d/,
  );
  t.is(refusal(saved, ['engine=oracle']), 'restored');
});

test('another program is refused by its name', (t) => {
  const other = { name: 'other.elf', bytes: Uint8Array.of(1, 2, 4) };
  t.regex(
    refusal(saved, [], { program: other }),
    /E-CKP-007.*program was busy\.elf, and other\.elf differs from it/,
  );
});

test('a layout of another version is refused', (t) => {
  const { machine } = bootBusy();
  const text = Buffer.from(saved).toString('latin1');
  const [, layout = ''] = /"layout":"([0-9a-f]+)"/.exec(text) ?? [];
  t.is(layout.length, 16);
  const bytes = reheaded(layout, '0123456789abcdef');
  t.throws(() => restoreCheckpoint(machine, { name: 'x.ckpt', bytes }), {
    message: /E-CKP-006.*its layout is 0123456789abcdef[^]*expected layout /,
  });
});

/** The checkpoint with another header, whose hash is right. */
function reheaded(from: string, to: string): Uint8Array {
  const bytes = Buffer.from(saved);
  const first = bytes.indexOf('\n') + 1;
  const second = bytes.indexOf('\n', first) + 1;
  const header = bytes.toString('utf8', first, second).replace(from, to);
  const hash = createHash('sha256').update(header).digest('hex');
  return Buffer.concat([
    Buffer.from(`dvlab-checkpoint 1 ${hash}\n${header}`),
    bytes.subarray(second),
  ]);
}

import test from 'ava';
import fc from 'fast-check';
import { writeCpio } from '../../platforms/index.ts';

interface Member {
  readonly name: string;
  readonly mode: number;
  readonly contents: Uint8Array;
  readonly at: number;
}

/** Reads an archive as the description of the format says, up to its trailer. */
function readCpio(archive: Uint8Array): Member[] {
  const text = (start: number, end: number) =>
    new TextDecoder().decode(archive.subarray(start, end));
  const members: Member[] = [];
  for (let at = 0; ;) {
    if (text(at, at + 6) !== '070701') throw new Error(`no member at ${String(at)}`);
    const field = (index: number) => parseInt(text(at + 6 + index * 8, at + 14 + index * 8), 16);
    const name = text(at + 110, at + 110 + field(11)).replace(/\0+$/, '');
    const data = Math.ceil((at + 110 + field(11)) / 4) * 4;
    if (name === 'TRAILER!!!') return members;
    members.push({
      name,
      mode: field(1),
      contents: archive.subarray(data, data + field(6)),
      at: data,
    });
    at = Math.ceil((data + field(6)) / 4) * 4;
  }
}

test('an archive holds directories before the files in them', (t) => {
  const archive = writeCpio([
    { path: 'etc/init', contents: new TextEncoder().encode('/bin/x\n') },
    { path: 'bin/x', contents: Uint8Array.of(1, 2, 3), isExecutable: true },
  ]);
  t.deepEqual(
    readCpio(archive).map(({ name, mode }) => [name, mode.toString(8)]),
    [
      ['bin', '40755'],
      ['etc', '40755'],
      ['etc/init', '100644'],
      ['bin/x', '100755'],
    ],
  );
});

test('any files read back, their contents at multiples of 8', (t) => {
  const path = fc.stringMatching(/^[a-z]{1,9}(\/[a-z]{1,9}){0,2}$/);
  const file = fc.record({ path, contents: fc.uint8Array({ maxLength: 40 }) });
  fc.assert(
    fc.property(fc.uniqueArray(file, { maxLength: 6, selector: (item) => item.path }), (files) => {
      const read = readCpio(writeCpio(files)).filter(({ mode }) => mode === 0o100_644);
      return read.every(({ name, contents, at }, index) => {
        const written = files[index];
        return (
          name === written?.path && String(contents) === String(written.contents) && at % 8 === 0
        );
      });
    }),
  );
  t.pass();
});

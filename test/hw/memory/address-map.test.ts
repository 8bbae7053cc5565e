import test from 'ava';
import fc from 'fast-check';
import { AddressMap, type AddressRange } from '../../../hw/memory/index.ts';

const ranges = fc.array(fc.record({ base: fc.nat(200), size: fc.integer({ min: 1, max: 30 }) }), {
  maxLength: 20,
});

test('a map finds what a search through all ranges finds, and refuses exactly the overlaps', (t) => {
  fc.assert(
    fc.property(ranges, (wanted) => {
      const map = new AddressMap<AddressRange>();
      const model: AddressRange[] = [];
      wanted.forEach(({ base, size }, index) => {
        const range = { name: String(index), base, size };
        const overlaps = model.some((other) =>
          Array.from({ length: size }, (_, byte) => base + byte).some(
            (address) => address >= other.base && address < other.base + other.size,
          ),
        );
        if (overlaps) {
          t.throws(() => {
            map.add(range);
          });
        } else {
          map.add(range);
          model.push(range);
        }
      });
      for (let address = 0; address < 240; address++) {
        const expected = model.find(({ base, size }) => address >= base && address < base + size);
        t.is(map.find(address), expected);
      }
    }),
    { numRuns: 30 },
  );
});

test('a range that is empty, negative or beyond 2^53 is refused', (t) => {
  const map = new AddressMap<AddressRange>();
  for (const [base, size] of [
    [0, 0],
    [-8, 8],
    [2 ** 53, 8],
    [0.5, 8],
  ] as const) {
    t.throws(
      () => {
        map.add({ name: 'x', base, size });
      },
      { message: /is not a range of addresses/ },
    );
  }
});

/** What the kernels of sw/bench/loop-mix compute, written again over BigInt. */

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

function nextRandom(state: bigint): bigint {
  const a = state ^ u64(state << 13n);
  const b = a ^ (a >> 7n);
  return b ^ u64(b << 17n);
}

/** Folds values in their order: sum × factor + value. */
function fold(values: readonly bigint[], factor: bigint): bigint {
  return values.reduce((sum, value) => u64(sum * factor + value), 0n);
}

function sieve(): bigint {
  const limit = 32768;
  const isStruck = new Uint8Array(limit);
  const primes: number[] = [];
  for (let number = 2; number < limit; number++) {
    if (isStruck[number] === 1) continue;
    primes.push(number);
    for (let at = number * number; at < limit; at += number) isStruck[at] = 1;
  }
  const sum = primes.reduce((total, prime) => total + prime, 0);
  return (BigInt(primes.length) << 32n) ^ BigInt(sum);
}

function multiplyMatrices(): bigint {
  const size = 32;
  const filled = (factor: bigint): bigint[] => {
    return range(size * size).map((index) => u64(BigInt((8 * index) ^ 0x155) * factor));
  };
  const [left, right] = [filled(0x9e37_79b9n), filled(0x85eb_ca6bn)];
  const cells = range(size * size).map((cell) => {
    const [row, column] = [cell - (cell % size), cell % size];
    return range(size).reduce((sum, index) => {
      return u64(sum + (left[row + index] ?? 0n) * (right[index * size + column] ?? 0n));
    }, 0n);
  });
  return fold(cells, 5n);
}

function walkList(): bigint {
  const nodes = 4096;
  const order: bigint[] = [];
  let index = 0;
  do {
    order.push(BigInt(index));
    index = (index * 1229 + 331) % nodes;
  } while (index !== 0);
  let sum = 0n;
  for (let round = 0; round < 10; round++) {
    for (const node of order) sum = u64(sum << 1n) ^ (sum >> 63n) ^ u64(node * 2654435761n);
  }
  return sum;
}

function checkBytes(): bigint {
  const words = BigUint64Array.from(range(2048), (index) => {
    return u64(BigInt(8 * index) * 0x0101_4011_9e37_79b1n);
  });
  const crc = (bytes: Uint8Array): bigint => {
    let value = ~0;
    for (const byte of bytes) {
      value ^= byte;
      for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (0xedb8_8320 & -(value & 1));
    }
    return BigInt(value >>> 0);
  };
  const bytes = new Uint8Array(words.buffer);
  return (crc(bytes) << 32n) | crc(bytes.subarray(0, 512));
}

function writeNumbers(): bigint {
  let state = 0x2545_f491_4f6c_dd1dn;
  let sum = 0n;
  let before = '';
  for (let count = 0; count < 900; count++) {
    state = nextRandom(state);
    const text = String(state >> (state & 31n));
    const hash = Array.from(text).reduce((value, digit) => {
      return u64((value ^ BigInt(digit.charCodeAt(0))) * 0x100_0000_01b3n);
    }, 0xcbf2_9ce4_8422_2325n);
    sum = u64(sum * 7n + hash + BigInt(text.length) + (before < text ? 3n : 0n));
    before = text;
  }
  return sum;
}

function copyBlocks(): bigint {
  const words = BigUint64Array.from(range(1024), (index) => {
    return u64(BigInt(8 * index) * 0xc2b2_ae3d_27d4_eb4fn);
  });
  for (let round = 0; round < 24; round++) words[4 * round] = BigInt(round);
  const sums = range(128).map((line) => {
    const word = words[8 * line] ?? 0n;
    return word + (word & 0xffn);
  });
  return fold(sums, 3n);
}

function sortLists(): bigint {
  const numbers = new BigUint64Array(3584);
  let state = 0x9e37_79b9_7f4a_7c15n;
  for (const index of numbers.keys()) {
    state = nextRandom(state);
    numbers[index] = state;
  }
  return fold([...numbers.sort()], 3n);
}

const functions: readonly ((x: bigint) => bigint)[] = [
  (x) => x ^ (x >> 29n),
  (x) => x * 0xbf58_476d_1ce4_e5b9n,
  (x) => x + 0x9e37_79b9n,
  (x) => (x << 23n) | (x >> 41n),
];
const choices: readonly ((x: bigint) => bigint)[] = [
  (x) => x + 1n,
  (x) => x << 3n,
  (x) => x ^ 0x5555n,
  (x) => x - (x >> 5n),
  (x) => ~x,
  (x) => x * 9n,
  (x) => x >> 1n,
  (x) => x | 1n,
];

function callIndirectly(): bigint {
  let state = 0xd1b5_4a32_d192_ed03n;
  let sum = 0n;
  for (let round = 0; round < 7000; round++) {
    state = nextRandom(state);
    const mixed = u64(functions[Number(state & 3n)]?.(u64(state + sum)) ?? 0n);
    sum ^= u64(choices[Number((state >> 8n) & 7n)]?.(mixed) ?? 0n);
  }
  return sum;
}

/** The checksum of an iteration of the loop mix. */
export function loopMixChecksum(): bigint {
  const parts = [sieve(), multiplyMatrices(), walkList(), checkBytes(), writeNumbers()];
  return fold([...parts, copyBlocks(), sortLists(), callIndirectly()], 31n);
}

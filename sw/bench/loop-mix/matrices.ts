const SIZE: usize = 32;
const ROW: usize = SIZE << 3;
const MATRIX: usize = SIZE * ROW;

function fill(matrix: usize, factor: u64): void {
  for (let at: usize = 0; at < MATRIX; at += 8) store<u64>(matrix + at, (at ^ 0x155) * factor);
}

/** Multiplies two 32x32 matrices of 64-bit integers and folds the product. */
export function multiplyMatrices(base: usize): u64 {
  const left = base;
  const right = base + MATRIX;
  const product = right + MATRIX;
  fill(left, 0x9e37_79b9);
  fill(right, 0x85eb_ca6b);
  for (let row: usize = 0; row < MATRIX; row += ROW) {
    for (let column: usize = 0; column < ROW; column += 8) {
      let sum: u64 = 0;
      let cell = left + row;
      for (let other = right + column; other < product; other += ROW) {
        sum += load<u64>(cell) * load<u64>(other);
        cell += 8;
      }
      store<u64>(product + row + column, sum);
    }
  }
  let fold: u64 = 0;
  for (let at: usize = 0; at < MATRIX; at += 8) fold = fold * 5 + load<u64>(product + at);
  return fold;
}

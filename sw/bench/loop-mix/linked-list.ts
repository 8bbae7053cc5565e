/** Nodes of 16 bytes: the next node, and a number; 64 KiB together. */
const NODES: u64 = 4096;
const ROUNDS = 10;

function nodeAt(base: usize, index: u64): usize {
  return base + ((<usize>index) << 4);
}

/** Links the nodes in the order of a full-period congruential sequence, and walks the circle ten times. */
export function walkList(base: usize): u64 {
  let index: u64 = 0;
  do {
    const next = (index * 1229 + 331) & (NODES - 1);
    const node = nodeAt(base, index);
    store<usize>(node, nodeAt(base, next));
    store<u64>(node, index * 2654435761, 8);
    index = next;
  } while (index != 0);
  let sum: u64 = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let node = base;
    do {
      sum = (sum << 1) ^ (sum >> 63) ^ load<u64>(node, 8);
      node = load<usize>(node);
    } while (node != base);
  }
  return sum;
}

import { CHAIN_BASE, NODE_BYTES, NODE_COUNT } from './limits.ts';

/** Full period modulo any power of two, because the factor is 1 modulo 4 and the addend odd. */
const FACTOR: u64 = 41997;
const ADDEND: u64 = 12345;

function nodeAt(index: u64): usize {
  return CHAIN_BASE + <usize>(index * NODE_BYTES);
}

/** Links all nodes to one circle that jumps about, unless that has been done; gives the node to go on from. */
export function prepareChain(position: usize): usize {
  if (load<usize>(position) != 0) return load<usize>(position);
  for (let index: u64 = 0; index < <u64>NODE_COUNT; index++) {
    store<usize>(nodeAt(index), nodeAt((index * FACTOR + ADDEND) & (NODE_COUNT - 1)));
  }
  return nodeAt(0);
}

import type { Register } from '../assembly/register.ts';

/** One of several register copies that happen at once. */
export interface RegisterMove {
  readonly to: Register;
  readonly from: Register;
}

/** Orders copies that happen at once so that none overwrites a source too early; cycles go through a scratch register. */
export function orderMoves(moves: readonly RegisterMove[], scratch: Register): RegisterMove[] {
  const ordered: RegisterMove[] = [];
  let pending = moves.filter(({ to, from }) => to !== from);
  while (pending.length > 0) {
    const free = pending.find((move) => !pending.some((m) => m !== move && m.from === move.to));
    if (free) {
      ordered.push(free);
      pending = pending.filter((move) => move !== free);
      continue;
    }
    const [first] = pending;
    if (!first) break;
    ordered.push({ to: scratch, from: first.from });
    pending = pending.map((move) =>
      move.from === first.from ? { to: move.to, from: scratch } : move,
    );
  }
  return ordered;
}

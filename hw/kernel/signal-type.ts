/** What a wire carries: two endpoints can be wired if their types have the same name. */
export interface SignalType<T> {
  readonly name: string;
  /** Bits. */
  readonly width: number;
  /** Value before anything drove the wire. */
  readonly initial: T;
}

/** One level-sensitive bit, such as an interrupt line. */
export const line: SignalType<boolean> = { name: 'line', width: 1, initial: false };

/** An unsigned number of `width` bits. */
export function word(width: number): SignalType<bigint> {
  return { name: `word(${String(width)})`, width, initial: 0n };
}

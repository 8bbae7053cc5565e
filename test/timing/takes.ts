import test from 'ava';

/** What a program took, and where its cycles went if that is known. */
export interface Taken {
  readonly cycles: number;
  readonly leaves?: Readonly<Record<string, number>>;
}

/** Tests whose titles end with the number of cycles that a program must take, which somebody measures. */
export function takesBy(measure: (program: string) => Taken) {
  return test.macro<[program: string, cycles: number]>({
    exec: (t, program, cycles) => {
      const { cycles: taken, leaves } = measure(program);
      t.is(taken, cycles, JSON.stringify(leaves));
      if (leaves === undefined) return;
      const sum = Object.values(leaves).reduce((total, leaf) => total + leaf, 0);
      t.is(sum, cycles, 'the leaves sum to the cycles');
    },
    title: (why, _program, cycles) => `${why ?? ''} (${String(cycles)} cycles)`,
  });
}

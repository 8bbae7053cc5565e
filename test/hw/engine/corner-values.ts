/** 64-bit values at which arithmetic goes wrong: around every power of two, and words whose halves differ in sign. */
export const cornerValues: readonly bigint[] = [
  ...new Set(
    [
      ...Array.from({ length: 64 }, (_, bit) => bit)
        .filter((bit) => bit < 3 || bit > 61 || [7, 15, 16, 30, 31, 32, 33, 47].includes(bit))
        .flatMap((bit) => {
          const power = 1n << BigInt(bit);
          return [power, power - 1n, power + 1n, -power, -power - 1n, 1n - power];
        }),
      0x1234_5678_9abc_def0n,
      0xffff_ffff_0000_0000n,
      0x8000_0000_7fff_ffffn,
      0x7fff_ffff_8000_0000n,
      10n,
      -7n,
    ].map((value) => BigInt.asUintN(64, value)),
  ),
];

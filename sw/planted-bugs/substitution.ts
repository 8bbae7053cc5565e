/** What stands in for what in an image with bugs. */
export const planted: Readonly<Record<string, string>> = {
  'sw/planted-bugs/points.ts': 'sw/planted-bugs/bugs.ts',
};

/** What `dvlab describe` can print. */
export const describeTopics = [
  'components',
  'csrs',
  'instructions',
  'dv-ext',
  'timing',
  'stats',
] as const;

/** One of the things that `dvlab describe` can print. */
export type DescribeTopic = (typeof describeTopics)[number];

/** How `dvlab describe` can print. */
export const describeFormats = ['table', 'json'] as const;

/** One of the ways in which `dvlab describe` can print. */
export type DescribeFormat = (typeof describeFormats)[number];

import { loadPlatform, resolvedText } from '../platforms/index.ts';
import { platformPath } from './bundled.ts';
import { ExitCode, type ExitStatus } from './exit-code.ts';
import type { Output } from './output.ts';

/** What `dvlab check` may be told. */
export interface CheckOptions {
  readonly set: readonly string[];
  readonly resolved: boolean;
}

/** Validates a platform, and prints it with the origin of every value if that is wanted. */
export function check(given: string, options: CheckOptions, output: Output): ExitStatus {
  const platform = loadPlatform(platformPath(given), { set: options.set });
  if (options.resolved) output.result(resolvedText(platform));
  const parts = [
    `${String(platform.harts.count)} harts`,
    `${String(Object.keys(platform.devices).length)} devices`,
    `${String(platform.wires.length)} wires`,
  ];
  output.remark(`${platform.name}: valid (${parts.join(', ')})\n`);
  return ExitCode.passed;
}

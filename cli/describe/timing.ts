import { timingParameters } from '../../hw/timing/index.ts';
import { loadPlatform } from '../../platforms/index.ts';
import { describeOrigin } from '../../platforms/source/origin.ts';
import { platformPath } from '../bundled.ts';
import { textTable } from '../text-table.ts';
import type { Subject } from './describe.ts';

/** Every number of a platform's timing model: value, meaning, source, and the line that gave it. */
export function describeTiming({ platform: given, set }: Subject): readonly string[] {
  const platform = loadPlatform(platformPath(given), { set });
  const { timing } = platform.harts;
  const rows = timingParameters.map(({ name, unit, description }) => {
    const { value, source } = timing.parameters[name];
    const origin = platform.originOf(['harts', 'timing', 'parameters', name]);
    const place = origin === undefined ? 'default' : describeOrigin(origin);
    return [name, String(value), unit, description, source ?? 'not stated', place];
  });
  const head = ['parameter', 'value', 'unit', 'meaning', 'source', 'given at'];
  return [`timing model: ${timing.name}`, '', ...textTable([head, ...rows], [1])];
}

import { isPresent } from '../../hw/hart/index.ts';
import { type Csr, csrs, type Instruction, instructions } from '../../hw/isa/index.ts';
import { featuresOf, selectionOf } from '../../platforms/hart-features.ts';
import { loadPlatform, type Platform } from '../../platforms/index.ts';
import { platformGuide } from '../../platforms/platform-schema.ts';
import { describeOrigin } from '../../platforms/source/origin.ts';
import { expectation, schemaAt } from '../../platforms/source/schema-guide.ts';
import { platformPath } from '../bundled.ts';
import { textTable } from '../text-table.ts';
import type { Subject } from './describe.ts';

const section = ['harts', 'dvExt'];

/** The knobs of DV-Ext as a platform sets them, and the CSRs and instructions that come with it. */
export function describeDvExt({ platform: given, set }: Subject): readonly string[] {
  const platform = loadPlatform(platformPath(given), { set });
  const knobs = platform.values
    .filter(({ path }) => section.every((name, index) => path[index] === name))
    .map(({ path, text, origin, fallback }) => {
      const schema = schemaAt(platformGuide, path, undefined);
      const place = origin === undefined ? fallback : describeOrigin(origin);
      const name = path.slice(section.length).join('.');
      return [name, text, expectation(schema), schema?.description ?? '', place];
    });
  return [
    `DV-Ext of ${platform.name}`,
    ...textTable([['knob', 'value', 'expected', 'meaning', 'given at'], ...knobs]),
    '',
    'CSRs',
    ...textTable(csrsOf(platform).map(csrRow)),
    '',
    'Instructions',
    ...textTable(instructionsOf(platform).map(instructionRow)),
  ];
}

/** The CSRs of DV-Ext that the platform's harts have. */
function csrsOf(platform: Platform): readonly Csr[] {
  const features = featuresOf(platform, 0);
  return csrs.filter((csr) => csr.extension === 'dv' && isPresent(csr, features));
}

/** The instructions of DV-Ext that the platform's harts execute. */
function instructionsOf(platform: Platform): readonly Instruction[] {
  const { extensions } = selectionOf(platform);
  return instructions.filter(
    ({ extension }) => /^dv\b/.test(extension) && extensions.has(extension),
  );
}

function csrRow({ address, name, description, spec }: Csr): string[] {
  return [`0x${address.toString(16).padStart(3, '0')}`, name, description, spec];
}

function instructionRow({ name, encoding, spec }: Instruction): string[] {
  return [name, encoding.picture, spec];
}

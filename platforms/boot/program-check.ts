import type { ElfImage } from '../images/elf.ts';
import { imageError } from '../images/image-error.ts';
import type { Platform } from '../platform.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { DvlabError } from '../source/dvlab-error.ts';
import { formatAddress } from '../source/quantity.ts';
import type { SymbolTable } from '../images/symbol-table.ts';

/** Refuses a program whose ELF flags ask for instructions that no hart of the platform has. */
export function checkInstructions(platform: Platform, { name, isCompressed }: ElfImage): void {
  const { text, extensions } = platform.harts.isa;
  if (!isCompressed || extensions.has('c')) return;
  const withC = text.replace(/^rv64[a-z]*/, '$&c');
  throw new DvlabError([
    {
      code: 'E-IMG-011',
      message: `${name} has compressed instructions, and the harts of ${platform.name} have not`,
      origin: platform.originOf(['harts', 'isa']),
      label: "'c' is missing",
      help: `--set harts.isa=${withC}, or compile it without c in -march`,
    },
  ]);
}

/** Refuses a kernel that reaches below `floor`, where the firmware is. */
export function checkFloor({ name, segments }: ElfImage, floor: number): void {
  const low = segments.find(({ physicalAddress }) => physicalAddress < floor);
  if (low === undefined) return;
  const place = formatAddress(low.physicalAddress);
  const help = `link it for ${formatAddress(floor)}`;
  throw imageError('E-IMG-005', `${name}: segment ${place} lies where the firmware is`, help);
}

/** Warns of a program that would talk to an HTIF which the platform does not have. */
export function unheardTohost(platform: Platform, symbols: SymbolTable): Diagnostic | undefined {
  const hasHtif = Object.values(platform.devices).some(({ kind }) => kind === 'htif');
  if (hasHtif || symbols.addressOf('tohost') === undefined) return undefined;
  return {
    code: 'W-IMG-001',
    message: `the program has a symbol 'tohost', but ${platform.name} has no device of kind htif: what it writes there is plain memory`,
    help: 'add `htif: { kind: htif }` to the devices of the platform; bare-1hart has it',
  };
}

import { buildImages } from '../../cli/build/build-images.ts';
import { guestFolder } from '../../cli/build/image-catalog.ts';
import { type Booted, bootStack, loadPlatform, type NamedFile } from '../../platforms/index.ts';
import type { EngineName } from '../harness/engines.ts';
import { inProject } from '../harness/project-root.ts';

const silent = { result: () => undefined, remark: () => undefined, isTerminal: false };
const guestBytes = 16 * 1024 * 1024;

/** Builds the DuVisor stack with a guest; what comes back boots it, as often as it is called. */
export async function guestStack(
  guest: string,
  set: readonly string[] = [],
): Promise<(engine: EngineName) => Booted> {
  const folders = ['sw/firmware', 'sw/host', 'sw/duvisor', guestFolder(guest)] as const;
  const [firmware, host, hypervisor, kernel] = await buildImages(folders, silent);
  const image = (file: NamedFile | undefined): NamedFile => {
    if (file === undefined) throw new Error(`images of ${guest} are missing`);
    return file;
  };
  const stack = {
    firmware: image(firmware),
    host: image(host),
    hypervisor: image(hypervisor),
    guests: [{ kernel: image(kernel), vcpus: 1, memory: guestBytes }],
  };
  return (engine) => {
    const path = inProject('platforms/duvisor-2hart.yaml');
    return bootStack(loadPlatform(path, { set: [`engine=${engine}`, ...set] }), stack);
  };
}

// @ts-check
// Answers which targets there are, and in one sentence why one cannot be built on this machine. Builds and fetches nothing.
import { execFileSync } from 'node:child_process';

/** @typedef {'dir' | 'deb' | 'AppImage' | 'rpm' | 'dmg' | 'zip'} Target */
/** @type {Readonly<Record<Target, { system: 'linux' | 'darwin' | null, tools: string }>>} */
export const TARGETS = {
  dir: { system: null, tools: '' },
  deb: { system: 'linux', tools: 'fpm' },
  AppImage: { system: 'linux', tools: 'mksquashfs and the AppImage runtime' },
  rpm: { system: 'linux', tools: 'fpm' },
  dmg: { system: 'darwin', tools: 'dmgbuild' },
  zip: { system: 'darwin', tools: '7zip' },
};
const SYSTEM_NAMES = { linux: 'Linux', darwin: 'macOS' };

/**
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {string} electronVersion of the Electron at hand
 * @property {string} wantedElectronVersion of the Electron that people get
 * @property {boolean} hasHomepage whether package.json says where the project lives
 * @property {boolean} hasRpmbuild
 */

/** @type {(name: string) => name is Target} */
export const isTarget = (name) => Object.hasOwn(TARGETS, name);

/**
 * @param {Target} target
 * @param {Machine} machine
 * @returns {string | null} null: nothing is known that speaks against it
 */
export function whyNotHere(target, { platform, electronVersion, wantedElectronVersion, hasHomepage, hasRpmbuild }) {
  const { system } = TARGETS[target];
  if (system === null) return null;
  if (system !== platform) return `${target} is built on ${SYSTEM_NAMES[system]} only.`;
  if (electronVersion !== wantedElectronVersion) {
    return `${target} is for people to install, so it gets Electron ${wantedElectronVersion} and no other, but only ${electronVersion} is at hand. The target dir takes what there is.`;
  }
  if (target === 'rpm' && !hasRpmbuild) return 'rpm needs rpmbuild, which is not installed. On Debian: sudo apt-get install rpm';
  if ((target === 'rpm' || target === 'deb') && !hasHomepage) return `${target} must say where the project lives: package.json has no "homepage".`;
  return null;
}

/** What to say when electron-builder gave up on a target. */
export const explainFailure = (/** @type {Target} */ target, /** @type {string} */ reason) =>
  TARGETS[target].tools === '' ? `${target} could not be built: ${reason}`
    : `${target} could not be built: ${reason}\nelectron-builder fetches the tools for it (${TARGETS[target].tools}) from github.com at the first time, so this may be the network.`;

export function hasRpmbuild() {
  try {
    execFileSync('rpmbuild', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

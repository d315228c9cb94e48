// @ts-check
// Answers which of Electron's fuses are on in the app that people install, and whether an executable holds to it.
// Every fuse the library knows has an entry: one that is missing is a type error here, one that is new in Electron stops the packaging.
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** @typedef {NonNullable<import('electron-builder').Configuration['electronFuses']>} FuseOptions */

/** @type {Readonly<Required<Omit<FuseOptions, 'resetAdHocDarwinSignature'>>>} */
export const FUSES = {
  // The app is never a Node for whoever sets an environment variable.
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  // Nothing but the archive beside the executable is ever loaded as the app; macOS also checks what is in it.
  onlyLoadAppFromAsar: true,
  enableEmbeddedAsarIntegrityValidation: true,
  // The panel sets no cookie. Should it ever, it is not readable on disk.
  enableCookieEncryption: true,
  // The panel has a scheme of its own, so file: needs no privilege.
  grantFileProtocolExtraPrivileges: false,
  // There is one snapshot for all processes.
  loadBrowserProcessSpecificV8Snapshot: false,
};

/** Fuses of newer Electrons that this version of the library cannot set: they stay as Electron has them. By place in the wire. */
const BEYOND_THE_LIBRARY = new Map([[8, 'wasmTrapHandlers']]);

const ON = '1'.charCodeAt(0);
const OFF = '0'.charCodeAt(0);
const REMOVED = 'r'.charCodeAt(0);

/** @type {(place: number) => string | undefined} The name electron-builder has for the fuse at this place of the wire. */
const nameAt = (place) => FuseV1Options[place]?.replace(/^./, (first) => first.toLowerCase());

/** @type {(executable: string) => Promise<Map<number, number>>} */
async function readWire(executable) {
  const { version: _version, ...wire } = await getCurrentFuseWire(executable);
  return new Map(Object.entries(wire).map(([place, state]) => [Number(place), Number(state)]));
}

/**
 * The fuses this executable has, as they should be. An older Electron has fewer.
 * @param {string} executable or, on macOS, the .app folder
 * @returns {Promise<Partial<FuseOptions>>}
 */
export async function fusesFor(executable) {
  const places = [...(await readWire(executable)).keys()];
  const names = places.map(nameAt);
  return Object.fromEntries(Object.entries(FUSES).filter(([name]) => names.includes(name)));
}

/**
 * What is wrong with the fuses of an executable, a sentence each; none: all are as they should be.
 * @param {string} executable or, on macOS, the .app folder
 * @returns {Promise<string[]>}
 */
export async function findWrongFuses(executable) {
  /** @type {Readonly<Record<string, boolean>>} */
  const wanted = FUSES;
  return [...(await readWire(executable))].flatMap(([place, state]) => {
    const name = nameAt(place);
    const shouldBeOn = name === undefined ? undefined : wanted[name];
    if (shouldBeOn === undefined) return BEYOND_THE_LIBRARY.has(place) ? [] : [`fuse ${name ?? place} has no entry in build/package/fuses.mjs`];
    const isRight = state === REMOVED || state === (shouldBeOn ? ON : OFF);
    return isRight ? [] : [`fuse ${name} should be ${shouldBeOn ? 'on' : 'off'}`];
  });
}

// @ts-check
// Answers which installed packages some packages need, and under which licences they stand. Reads node_modules, changes nothing.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** @type {(folder: string) => Promise<any>} */
export const readManifest = async (folder) => JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));

/**
 * Folders of the packages and of all they depend on. What is optional and not installed belongs to another machine.
 * @param {string} root
 * @param {readonly string[]} names
 */
export async function closureOf(root, names) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @type {(name: string, from: string, isOptional: boolean) => Promise<void>} */
  const add = async (name, from, isOptional) => {
    const folder = locate(name, from, root);
    if (folder === undefined && isOptional) return;
    if (folder === undefined) throw new Error(`The package ${name} is not installed; run npm ci first`);
    // Electron is built for glibc alone.
    if (found.has(folder) || name.endsWith('-musl')) return;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = await readManifest(folder);
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) await add(next, folder, next in optionalDependencies);
  };
  for (const name of names) await add(name, root, false);
  return [...found].sort();
}

/** @type {(name: string, from: string, root: string) => string | undefined} */
function locate(name, from, root) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  return from === root ? undefined : locate(name, dirname(from), root);
}

/**
 * The licences of everything that is in the bundles or beside them: each asks for its text to come along.
 * @param {string} root
 * @returns {Promise<string>}
 */
export async function collectLicences(root) {
  const { dependencies } = await readManifest(root);
  const texts = (await closureOf(root, Object.keys(dependencies))).map(async (folder) => {
    const { name, version, license } = await readManifest(folder);
    const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file));
    const terms = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    return `${name} ${version} (${license})\n\n${terms.map((text) => text.trim()).join('\n\n')}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

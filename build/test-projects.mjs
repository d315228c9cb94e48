// Answers which kinds of tests there are. Each is a folder below test/ and a project of the test runner;
// a test file anywhere else would never run, so build/test.mjs refuses it.

/** Run as they are, on any machine; `panel-pages` in its Chromium. */
export const PLAIN_PROJECTS = ['domain', 'scenarios', 'engine', 'cli', 'panel', 'panel-pages', 'end-to-end', 'architecture'];

/** Need a session around them: test/bed/ starts one, in namespaces of its own. Outermost bed first. */
export const BED_PROJECTS = [
  { name: 'systemd', beds: ['with-systemd-user.sh'] },
  { name: 'desktop', beds: ['with-systemd-user.sh', 'with-desktop.sh'] },
  { name: 'stories', beds: ['with-systemd-user.sh', 'with-desktop.sh'] },
  { name: 'packaging', beds: ['with-systemd-user.sh', 'with-desktop.sh'] },
];

export const ALL_PROJECTS = [...PLAIN_PROJECTS, ...BED_PROJECTS.map(({ name }) => name)];

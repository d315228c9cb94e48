// Answers what each icon looks like, as questions about points: is (x, y) of the unit square inside?
// Every state has an outline of its own, so that it is told apart without colour and at 16 pixels.

/** @typedef {(x: number, y: number) => boolean} Shape  x to the right, y down, both 0 to 1 */

const circle = (cx, cy, radius) => (x, y) => Math.hypot(x - cx, y - cy) <= radius;
/** A line with round ends. */
const stroke = (x1, y1, x2, y2, width) => (x, y) => {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy) <= width / 2;
};
/** A convex polygon, corners clockwise, grown outwards by `round`. */
const polygon = (corners, round) => {
  const edges = corners.map(([x, y], index) => [x, y, ...corners[(index + 1) % corners.length]]);
  const within = (x, y) => edges.every(([x1, y1, x2, y2]) => (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) >= 0);
  const rims = edges.map(([x1, y1, x2, y2]) => stroke(x1, y1, x2, y2, round * 2));
  return (x, y) => within(x, y) || rims.some((rim) => rim(x, y));
};
const union = (...shapes) => (x, y) => shapes.some((shape) => shape(x, y));
const without = (shape, hole) => (x, y) => shape(x, y) && !hole(x, y);
const ring = (radius, width) => without(circle(0.5, 0.5, radius), circle(0.5, 0.5, radius - width));

const octagon = polygon(
  Array.from({ length: 8 }, (_, index) => {
    const angle = ((index + 0.5) * Math.PI) / 4;
    return [0.5 + 0.45 * Math.cos(angle), 0.5 + 0.45 * Math.sin(angle)];
  }),
  0.03,
);
const triangle = polygon([[0.5, 0.13], [0.9, 0.85], [0.1, 0.85]], 0.08);
const square = polygon([[0.1625, 0.1625], [0.8375, 0.1625], [0.8375, 0.8375], [0.1625, 0.8375]], 0.1);

const check = union(stroke(0.28, 0.53, 0.43, 0.68, 0.12), stroke(0.43, 0.68, 0.72, 0.35, 0.12));
const exclamation = union(stroke(0.5, 0.36, 0.5, 0.58, 0.12), circle(0.5, 0.76, 0.07));
const cross = union(stroke(0.34, 0.34, 0.66, 0.66, 0.13), stroke(0.66, 0.34, 0.34, 0.66, 0.13));
const bars = union(stroke(0.37, 0.34, 0.37, 0.66, 0.13), stroke(0.63, 0.34, 0.63, 0.66, 0.13));

/** A ring open at the upper right, with an arrow head where it ends. */
const turningArrow = (() => {
  const gap = polygon([[0.5, 0.5], [0.78, -0.1], [1.2, -0.1], [1.1, 0.46]], 0);
  const head = polygon([[0.62, 0.4], [0.93, 0.12], [0.99, 0.46]], 0.02);
  return union(without(ring(0.44, 0.16), gap), head);
})();
const dot = circle(0.5, 0.5, 0.15);

/** Each colour stands out from light panels and from dark ones. `body` takes it, `mark` stands on it in white; the template image cuts the mark out instead. */
export const STATES = {
  up: { colour: '#1f9d55', body: circle(0.5, 0.5, 0.47), mark: check },
  degraded: { colour: '#cc6f04', body: triangle, mark: exclamation },
  down: { colour: '#e0334a', body: octagon, mark: cross },
  healing: { colour: '#2f7ff0', body: turningArrow, mark: undefined },
  paused: { colour: '#7a828e', body: square, mark: bars },
  // Upkeep itself does not supervise: hollow, unlike anything it says about services.
  unknown: { colour: '#7a828e', body: union(ring(0.46, 0.14), dot), mark: undefined },
};

const tile = polygon([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]], 0.16);
const pulse = union(
  stroke(0.16, 0.54, 0.34, 0.54, 0.075), stroke(0.34, 0.54, 0.43, 0.32, 0.075), stroke(0.43, 0.32, 0.55, 0.72, 0.075),
  stroke(0.55, 0.72, 0.63, 0.54, 0.075), stroke(0.63, 0.54, 0.84, 0.54, 0.075),
);
/** The application itself: a heartbeat on a tile. */
export const APPLICATION = { colour: '#17624a', body: tile, mark: pulse };

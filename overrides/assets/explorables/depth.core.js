// The gradient through fifty layers: what depth.js draws, computed in a worker. No page in here, only mathematics.
import { drawn } from "./drawn.js";

export const LAYERS = 50, WIDTH = 64;
const BATCH = 32, SIZE = BATCH * WIDTH, MATRIX = WIDTH * WIDTH, TINY = 1e-5;

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
/** Each activation, and its slope as a function of where it stands. */
const ACTIVATIONS = {
  sigmoid: [sigmoid, (z) => sigmoid(z) * (1 - sigmoid(z))],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
};
/** Variance of a weight, times the width. */
const VARIANCES = { default: 1 / 3, xavier: 1, he: 2, large: 4 };
/** Factors of the shortcut and of the branch. */
const SHORTCUTS = { none: [0, 1], added: [1, 1], scaled: [1, 1 / Math.sqrt(LAYERS)] };

/**
 * The norm of the gradient by layer, from the input, layer 0, to the top, where it is 1, in a network of
 * h ← keep · h + scale · f(normalize(h)) W, whose weights, inputs and gradient at the top are drawn with this seed.
 */
export function gradientByLayer({ activation, initialization, normalization, shortcut }, seed) {
  const [f, slope] = ACTIVATIONS[activation], [keep, scale] = SHORTCUTS[shortcut];
  const numbers = drawn(seed, 2 * SIZE + LAYERS * MATRIX), deviation = Math.sqrt(VARIANCES[initialization] / WIDTH);
  let h = numbers.slice(0, SIZE), g = numbers.slice(SIZE, 2 * SIZE);
  const layers = [];
  for (let layer = 0; layer < LAYERS; layer++) {
    const at = 2 * SIZE + layer * MATRIX, W = numbers.slice(at, at + MATRIX).map((one) => deviation * one);
    const { z, back } = NORMALIZATIONS[normalization](h);
    const branch = times(z.map(f), W);
    layers.push({ W, back, slopes: z.map(slope) });
    h = h.map((one, k) => keep * one + scale * branch[k]);
  }
  const norms = new Float64Array(LAYERS + 1);
  norms[LAYERS] = norm(g);
  for (let layer = LAYERS; layer--; ) {
    const { W, back, slopes } = layers[layer];
    const branch = back(timesTransposed(g, W).map((one, k) => one * slopes[k]));
    g = g.map((one, k) => keep * one + scale * branch[k]);
    norms[layer] = norm(g);
  }
  return norms.map((one) => one / norms[LAYERS]);
}

const norm = (g) => Math.sqrt(g.reduce((sum, one) => sum + one * one, 0));

/** h W, where h has a row for each example. */
function times(h, W) {
  const made = new Float64Array(SIZE);
  for (let row = 0; row < SIZE; row += WIDTH) {
    for (let k = 0; k < WIDTH; k++) {
      const factor = h[row + k], from = k * WIDTH;
      for (let column = 0; column < WIDTH; column++) made[row + column] += factor * W[from + column];
    }
  }
  return made;
}

/** g Wᵀ */
function timesTransposed(g, W) {
  const made = new Float64Array(SIZE);
  for (let row = 0; row < SIZE; row += WIDTH) {
    for (let k = 0; k < WIDTH; k++) {
      let sum = 0;
      for (let column = 0; column < WIDTH; column++) sum += g[row + column] * W[k * WIDTH + column];
      made[row + k] = sum;
    }
  }
  return made;
}

/** Each gives the normalized values, and what takes a gradient back through the normalization. */
const NORMALIZATIONS = {
  none: (h) => ({ z: h, back: (g) => g }),
  batch: (h) => normalized(h, WIDTH, BATCH, 1, WIDTH), // over the examples, each unit by itself
  layer: (h) => normalized(h, BATCH, WIDTH, WIDTH, 1), // over the units, each example by itself
};

/** Normalizes `groups` groups of `size` numbers; a group begins `next` after the one before, its numbers lie `step` apart. */
function normalized(h, groups, size, next, step) {
  const z = new Float64Array(SIZE), factors = new Float64Array(groups);
  const means = (numbers, of) => { // of(number, place), for each group
    const found = new Float64Array(groups);
    for (let group = 0; group < groups; group++) {
      for (let k = 0; k < size; k++) found[group] += of(numbers[group * next + k * step], group * next + k * step, group) / size;
    }
    return found;
  };
  const write = (made, of) => {
    for (let group = 0; group < groups; group++) {
      for (let k = 0; k < size; k++) made[group * next + k * step] = of(group * next + k * step, group);
    }
    return made;
  };
  const mean = means(h, (one) => one);
  const variance = means(h, (one, at, group) => (one - mean[group]) ** 2);
  for (let group = 0; group < groups; group++) factors[group] = 1 / Math.sqrt(variance[group] + TINY);
  write(z, (at, group) => (h[at] - mean[group]) * factors[group]);
  const back = (g) => {
    const ofG = means(g, (one) => one), along = means(g, (one, at) => one * z[at]);
    return write(new Float64Array(SIZE), (at, group) => factors[group] * (g[at] - ofG[group] - z[at] * along[group]));
  };
  return { z, back };
}

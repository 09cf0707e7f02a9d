// What is left of a gradient on its way back, for story.js: the numbers of snippets/home/story.py, and nothing else.
// Plain loops: five networks have to be run through, there and back, while a finger moves a slider.

export const H = 32, T = 100, SEEDS = 5;
const K = 1 / Math.sqrt(H);

/** U (H, width), the inputs X (T, width) and a gradient, uniform: hashed (lowbias32), as a NumPy program can, too. */
function drawn(seed, width) {
  const u = Float64Array.from({ length: (H + T) * width + H }, (_, n) => {
    let x = n + (seed << 16);
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
  });
  const inputs = u.subarray(H * width, (H + T) * width);
  return { U: u.subarray(0, H * width).map((one) => K * one), X: inputs.map((one) => K * Math.sqrt(3) * one), gradient: u.slice(-H) };
}

const networks = new Map(); // by seed and width: they stay the same while the sliders move
function network(seed, width) {
  const key = `${seed} ${width}`;
  if (!networks.has(key)) networks.set(key, drawn(seed, width));
  return networks.get(key);
}

/** h (scale U) + x_t, into z. */
function forward({ U, X }, scale, h, t, z) {
  const width = z.length;
  for (let k = 0; k < width; k++) z[k] = X[t * width + k];
  for (let r = 0, at = 0; r < H; r++) {
    const share = scale * h[r];
    for (let k = 0; k < width; k++, at++) z[k] += share * U[at];
  }
}

/** (scale U) dz, into dh. */
function backward({ U }, scale, dz, dh) {
  for (let r = 0, at = 0; r < H; r++) {
    let sum = 0;
    for (let k = 0; k < dz.length; k++, at++) sum += dz[k] * U[at];
    dh[r] = scale * sum;
  }
}

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const vector = () => new Float64Array(H);

function norm(vector) {
  let sum = 0;
  for (let k = 0; k < vector.length; k++) sum += vector[k] * vector[k];
  return Math.sqrt(sum);
}

/** What is left of the gradient after 0, 1, … T steps back in an LSTM: by all paths, and along the cell alone, ∏ f. */
export function lstm(bias, scale, seed) {
  const drawn = network(seed, 4 * H), tape = [], z = new Float64Array(4 * H), h = vector();
  let c = vector();
  for (let t = 0; t < T; t++) {
    forward(drawn, scale, h, t, z);
    const [i, f, g, o, next, squashed] = Array.from({ length: 6 }, vector);
    for (let k = 0; k < H; k++) {
      i[k] = sigmoid(z[k]);
      f[k] = sigmoid(z[H + k] + bias);
      g[k] = Math.tanh(z[2 * H + k]);
      o[k] = sigmoid(z[3 * H + k]);
      next[k] = f[k] * c[k] + i[k] * g[k];
      squashed[k] = Math.tanh(next[k]);
      h[k] = o[k] * squashed[k];
    }
    tape.push([i, f, g, o, c, squashed]);
    c = next;
  }
  const dh = vector(), dc = drawn.gradient.slice(), alone = dc.slice(), d = vector(), dz = z, full = [], cell = [];
  for (const [i, f, g, o, before, squashed] of tape.reverse()) {
    for (let k = 0; k < H; k++) d[k] = dc[k] + dh[k] * o[k] * (1 - squashed[k] ** 2); // along the cell, and through h
    full.push(norm(d));
    cell.push(norm(alone));
    for (let k = 0; k < H; k++) {
      dz[k] = d[k] * g[k] * i[k] * (1 - i[k]);
      dz[H + k] = d[k] * before[k] * f[k] * (1 - f[k]);
      dz[2 * H + k] = d[k] * i[k] * (1 - g[k] ** 2);
      dz[3 * H + k] = dh[k] * squashed[k] * o[k] * (1 - o[k]);
      dc[k] = d[k] * f[k];
      alone[k] *= f[k];
    }
    backward(drawn, scale, dz, dh);
  }
  full.push(norm(dc));
  cell.push(norm(alone));
  return [full.map((one) => one / full[0]), cell.map((one) => one / full[0])];
}

/** The same of an RNN, which has one path. */
export function rnn(scale, seed) {
  const drawn = network(seed, H), slopes = [], h = vector(), z = vector();
  for (let t = 0; t < T; t++) {
    forward(drawn, scale, h, t, z);
    for (let k = 0; k < H; k++) h[k] = Math.tanh(z[k]);
    slopes.push(h.map((one) => 1 - one ** 2));
  }
  const g = drawn.gradient.slice(), norms = [norm(g)];
  for (const slope of slopes.reverse()) {
    for (let k = 0; k < H; k++) z[k] = g[k] * slope[k];
    backward(drawn, scale, z, g);
    norms.push(norm(g));
  }
  return norms.map((one) => one / norms[0]);
}

/** At each step the middle one of an odd number of curves. */
export function median(curves) {
  const middle = (values) => values.sort((one, other) => one - other)[(values.length - 1) / 2];
  return curves[0].map((_, k) => middle(curves.map((curve) => curve[k])));
}

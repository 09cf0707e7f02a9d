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

/** h (scale U) + x_t, into z; h is what stands from `at` on in `hs`. */
function forward({ U, X }, scale, hs, at, t, z) {
  const width = z.length;
  for (let k = 0; k < width; k++) z[k] = X[t * width + k];
  for (let r = 0, u = 0; r < H; r++) {
    const share = scale * hs[at + r];
    for (let k = 0; k < width; k++, u++) z[k] += share * U[u];
  }
}

/** (scale U) dz, into dh. Four sums at a time: one that has to wait for itself takes three times as long. */
function backward({ U }, scale, dz, dh) {
  for (let r = 0, u = 0; r < H; r++) {
    let one = 0, two = 0, three = 0, four = 0;
    for (let k = 0; k < dz.length; k += 4, u += 4) {
      one += dz[k] * U[u];
      two += dz[k + 1] * U[u + 1];
      three += dz[k + 2] * U[u + 2];
      four += dz[k + 3] * U[u + 3];
    }
    dh[r] = scale * (one + two + three + four);
  }
}

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const zeros = (count) => new Float64Array(count);

function norm(vector) {
  let sum = 0;
  for (let k = 0; k < vector.length; k++) sum += vector[k] * vector[k];
  return Math.sqrt(sum);
}

/** What is left of the gradient after 0, 1, … T steps back in an LSTM: by all paths, and along the cell alone, ∏ f. */
export function lstm(bias, scale, seed) {
  const drawn = network(seed, 4 * H), z = zeros(4 * H), h = zeros(H);
  const [i, f, g, o, c, squashed] = Array.from({ length: 6 }, () => zeros((T + 1) * H)); // row t: step t, from 1 on
  for (let t = 1; t <= T; t++) {
    forward(drawn, scale, h, 0, t - 1, z);
    for (let k = 0, at = t * H; k < H; k++, at++) {
      i[at] = sigmoid(z[k]);
      f[at] = sigmoid(z[H + k] + bias);
      g[at] = Math.tanh(z[2 * H + k]);
      o[at] = sigmoid(z[3 * H + k]);
      c[at] = f[at] * c[at - H] + i[at] * g[at];
      squashed[at] = Math.tanh(c[at]);
      h[k] = o[at] * squashed[at];
    }
  }
  const dh = zeros(H), dc = drawn.gradient.slice(), alone = dc.slice(), dz = z, full = [], cell = [];
  for (let t = T; t > 0; t--) {
    for (let k = 0, at = t * H; k < H; k++, at++) dc[k] += dh[k] * o[at] * (1 - squashed[at] ** 2); // along the cell, and through h
    full.push(norm(dc));
    cell.push(norm(alone));
    for (let k = 0, at = t * H; k < H; k++, at++) {
      dz[k] = dc[k] * g[at] * i[at] * (1 - i[at]);
      dz[H + k] = dc[k] * c[at - H] * f[at] * (1 - f[at]);
      dz[2 * H + k] = dc[k] * i[at] * (1 - g[at] ** 2);
      dz[3 * H + k] = dh[k] * squashed[at] * o[at] * (1 - o[at]);
      dc[k] *= f[at];
      alone[k] *= f[at];
    }
    backward(drawn, scale, dz, dh);
  }
  full.push(norm(dc));
  cell.push(norm(alone));
  return [full.map((one) => one / full[0]), cell.map((one) => one / full[0])];
}

/** The same of an RNN, which has one path. */
export function rnn(scale, seed) {
  const drawn = network(seed, H), h = zeros((T + 1) * H), z = zeros(H);
  for (let t = 1; t <= T; t++) {
    forward(drawn, scale, h, (t - 1) * H, t - 1, z);
    for (let k = 0; k < H; k++) h[t * H + k] = Math.tanh(z[k]);
  }
  const g = drawn.gradient.slice(), norms = [norm(g)];
  for (let t = T; t > 0; t--) {
    for (let k = 0; k < H; k++) z[k] = g[k] * (1 - h[t * H + k] ** 2);
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

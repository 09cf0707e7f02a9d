// What the networks of snippets/labs/sequential_digits.py compute, with the weights and images that it hands over.

export const SIDE = 8, PIXELS = 64, FULL = 16; // ink of a pixel: 0 to 16

/** The lab's value `explorable`, read. A network: kind, H (units) and its parameters, row by row. */
export function unpack({ weights, images, labels }) {
  const networks = {};
  for (const [name, text] of Object.entries(weights)) {
    const [kind, units] = name.split(" "), H = +units, width = (kind === "LSTM" ? 4 : 1) * H;
    const numbers = halves(text);
    let at = 0;
    const take = (count) => numbers.subarray(at, (at += count));
    networks[name] = { kind, H, W: take(width), U: take(H * width), b: take(width), V: take(H * 10), a: take(10) };
  }
  return { networks, images: images.map((inks) => Array.from(inks, (ink) => parseInt(ink, 36))), labels };
}

/** The numbers that a text holds in base64, 16 bits each. */
function halves(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return Float64Array.from(new Uint16Array(bytes.buffer), (bits) => {
    const exponent = (bits >> 10) & 31, fraction = (bits & 1023) + (exponent && 1024);
    return (bits >> 15 ? -fraction : fraction) * 2 ** ((exponent || 1) - 25);
  });
}

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const zeros = (count) => new Float64Array(count);

/** A network reads an image: h[t], c[t] and the probabilities shares[t] after t pixels; the gates i, f, g, o [t] at
    pixel t. */
export function read(network, ink) {
  const { kind, H, W, U, b } = network, width = b.length;
  const run = { x: ink.map((value) => value / FULL - 0.3), h: [zeros(H)], c: [zeros(H)], i: [], f: [], g: [], o: [], shares: [] };
  run.shares.push(shares(network, run.h[0]));
  for (let t = 0; t < PIXELS; t++) {
    const z = zeros(width), h = run.h[t];
    for (let j = 0; j < width; j++) z[j] = run.x[t] * W[j] + b[j];
    for (let k = 0; k < H; k++) for (let j = 0; j < width; j++) z[j] += h[k] * U[k * width + j];
    if (kind === "RNN") run.h.push(z.map(Math.tanh));
    else {
      const part = (n, squash) => z.subarray(n * H, (n + 1) * H).map(squash);
      const i = part(0, sigmoid), f = part(1, sigmoid), g = part(2, Math.tanh), o = part(3, sigmoid);
      const c = run.c[t].map((old, j) => f[j] * old + i[j] * g[j]);
      run.i.push(i), run.f.push(f), run.g.push(g), run.o.push(o), run.c.push(c);
      run.h.push(c.map((value, j) => o[j] * Math.tanh(value)));
    }
    run.shares.push(shares(network, run.h[t + 1]));
  }
  return run;
}

/** The softmax of the scores that a state gets. */
function shares({ H, V, a }, h) {
  const scores = a.map((score, digit) => {
    for (let j = 0; j < H; j++) score += h[j] * V[j * 10 + digit];
    return score;
  });
  const top = Math.max(...scores), raised = scores.map((score) => Math.exp(score - top));
  const sum = raised.reduce((one, other) => one + other);
  return raised.map((value) => value / sum);
}

/** The derivatives of the score of `digit` after `t` pixels by each pixel. */
export function hears(network, run, t, digit) {
  const { kind, H, W, U, V } = network, width = W.length, dx = zeros(PIXELS);
  let dh = Float64Array.from({ length: H }, (_, j) => V[j * 10 + digit]), dc = zeros(H);
  while (t-- > 0) {
    const dz = zeros(width);
    for (let j = 0; j < H; j++) {
      if (kind === "RNN") {
        dz[j] = dh[j] * (1 - run.h[t + 1][j] ** 2);
        continue;
      }
      const i = run.i[t][j], f = run.f[t][j], g = run.g[t][j], o = run.o[t][j], tanh = Math.tanh(run.c[t + 1][j]);
      dc[j] += dh[j] * o * (1 - tanh ** 2);
      dz[j] = dc[j] * g * i * (1 - i);
      dz[H + j] = dc[j] * run.c[t][j] * f * (1 - f);
      dz[2 * H + j] = dc[j] * i * (1 - g ** 2);
      dz[3 * H + j] = dh[j] * tanh * o * (1 - o);
      dc[j] *= f;
    }
    dh = zeros(H);
    for (let j = 0; j < width; j++) dx[t] += dz[j] * W[j];
    for (let k = 0; k < H; k++) for (let j = 0; j < width; j++) dh[k] += dz[j] * U[k * width + j];
  }
  return dx;
}

// -- a drawing becomes an image as those of the data set did ---------------------------------------------------

const FINE = 32, WIDEST = 24, INK = 312; // pixels a side, the most that a digit is wide, black ones

/** The ink of lines, [[[x, y], …], …], anywhere, in any size: as high as the picture, centred, counted in 4 × 4 blocks. */
export function counted(lines) {
  let thick = INK / (2 * FINE) / 2, far;
  for (let round = 0; round < 3; round++) {
    const pieces = fitted(lines, thick);
    far = Float64Array.from({ length: FINE * FINE }, (_, n) => away(pieces, (n % FINE) + 0.5, Math.floor(n / FINE) + 0.5));
    thick = far.slice().sort()[INK - 1]; // half the width of the pen that leaves this much ink
  }
  const ink = Array(PIXELS).fill(0);
  const nearest = Array.from(far.keys()).sort((one, other) => far[one] - far[other]).slice(0, INK);
  for (const n of nearest) ink[Math.floor(n / FINE / 4) * SIDE + Math.floor((n % FINE) / 4)]++;
  return ink;
}

/** The lines in pieces, so that a pen of half the width `thick` fills the height, or the width. */
function fitted(lines, thick) {
  const spread = (axis) => {
    const values = lines.flat().map((point) => point[axis]), low = Math.min(...values), high = Math.max(...values);
    return { middle: (low + high) / 2, size: Math.max(high - low, 1e-9) };
  };
  const x = spread(0), y = spread(1), tall = FINE - 2 * thick, wide = WIDEST - 2 * thick;
  const down = Math.min(tall / y.size, (2 * wide) / x.size), along = Math.min(down, wide / x.size);
  return lines.flatMap((line) => line.map((from, n) => {
    const to = line[n + 1] ?? from;
    const left = FINE / 2 + (from[0] - x.middle) * along, top = FINE / 2 + (from[1] - y.middle) * down;
    return { left, top, dx: (to[0] - from[0]) * along, dy: (to[1] - from[1]) * down };
  }));
}

/** The distance from a point to the nearest piece. */
function away(pieces, x, y) {
  let least = Infinity;
  for (const { left, top, dx, dy } of pieces) {
    const at = ((x - left) * dx + (y - top) * dy) / (dx * dx + dy * dy || 1), part = Math.min(1, Math.max(0, at));
    least = Math.min(least, (x - left - part * dx) ** 2 + (y - top - part * dy) ** 2);
  }
  return Math.sqrt(least);
}

// Numbers drawn at random that a NumPy program draws, too: snippets/remedies/depth.py.

/** `count` independent numbers with mean 0 and variance 1, uniform: hashed (lowbias32). */
export function drawn(seed, count) {
  return Float64Array.from({ length: count }, (_, n) => {
    let x = n + (seed << 18);
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return Math.sqrt(3) * (((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1);
  });
}

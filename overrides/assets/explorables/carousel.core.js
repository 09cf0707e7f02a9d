// The carousel and its conflict: what carousel.js draws. No page in here, only mathematics.

/**
 * One unit fed only by itself, c_t = f(w c_{t−1}) from c_0 = 1/2, where f is the identity or tanh, over `lag` steps.
 * Gives, for each step t from 0 to lag, what is left of the value, c_t / c_0, and of the gradient on its way back,
 * ∂c_lag / ∂c_t.
 */
export function carry(w, lag, isLinear) {
  const value = new Float64Array(lag + 1), slope = new Float64Array(lag + 1), gradient = new Float64Array(lag + 1);
  let c = (value[0] = 0.5);
  for (let t = 1; t <= lag; t++) {
    value[t] = c = isLinear ? w * c : Math.tanh(w * c);
    slope[t] = isLinear ? 1 : 1 - c * c;
  }
  gradient[lag] = 1;
  for (let t = lag; t > 0; t--) gradient[t - 1] = gradient[t] * slope[t] * w;
  return { value: value.map((one) => one / 0.5), gradient };
}

/** What is left of the gradient after all steps, without the way there: for a hundred weights at once. */
export function arrives(w, lag, isLinear) {
  let c = 0.5, product = 1;
  for (let t = 0; t < lag; t++) {
    c = isLinear ? w * c : Math.tanh(w * c);
    product *= isLinear ? w : (1 - c * c) * w;
  }
  return product;
}

/** How far from 1 the weight of a linear unit may be, so that what is left after `lag` steps is between 1/e and e. */
export function tolerance(lag) {
  return [Math.exp(-1 / lag), Math.exp(1 / lag)];
}

/**
 * The linear cell c_t = c_{t−1} + i_t w x_t that has to end with its first input, c_T = x_1: what its one weight w
 * hears. The inputs are independent, with mean 0 and variance 1; the gate is i_1 = 1 and i_t = `gate` afterwards,
 * 1 where there is none. Gives the two parts of ∂L/∂w for L = ½ E (c_T − x_1)², the squared error 2L, and the weight
 * at which the parts cancel.
 */
export function pulls(w, steps, gate) {
  const others = (steps - 1) * gate ** 2;
  return { store: w - 1, ignore: others * w, error: (w - 1) ** 2 + others * w ** 2, best: 1 / (1 + others) };
}

/** The weight after one update against its gradient, at a rate that takes it a fifth of the way. */
export function learn(w, steps, gate) {
  const { store, ignore, best } = pulls(w, steps, gate);
  return w - 0.2 * best * (store + ignore);
}

/** What the same cell holds after each of the inputs `x`. */
export function held(w, x, gate) {
  let c = 0;
  return x.map((input, t) => (c += (t ? gate : 1) * w * input));
}

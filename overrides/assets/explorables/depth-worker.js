// Computes one network after the other, so that the page stays free.
import { gradientByLayer } from "./depth.core.js";

onmessage = ({ data: { setting, seed } }) => postMessage({ setting, seed, norms: gradientByLayer(setting, seed) });

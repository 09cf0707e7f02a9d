// Reads [[latex, display], ...] from standard input, writes [{html} or {error, position}, ...] to standard output.
// One process for all formulas of a build: starting Node costs more than typesetting them.
import { createRequire } from "node:module";
import process from "node:process";
import { text } from "node:stream/consumers";

const katex = createRequire(process.argv[2] + "/")("katex");
const answers = JSON.parse(await text(process.stdin)).map(([latex, displayMode]) => {
  try {
    const html = katex.renderToString(latex, {
      displayMode,
      output: "htmlAndMathml",
      throwOnError: true,
      // Chinese outside \text{} comes out in the wrong font: refuse it like any other mistake.
      strict: "error",
    });
    return { html };
  } catch (error) {
    return { error: error.rawMessage ?? error.message, position: error.position ?? null };
  }
});
process.stdout.write(JSON.stringify(answers));

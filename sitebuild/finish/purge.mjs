// Reads {words, sheets} from standard input, writes the sheets without the rules that none of the words can meet.
import { createRequire } from "node:module";
import process from "node:process";
import { text } from "node:stream/consumers";

const { PurgeCSS } = createRequire(process.argv[2] + "/")("purgecss");
const { words, sheets } = JSON.parse(await text(process.stdin));
// As one, or a variable that one sheet sets for another would seem unused.
const BETWEEN = "/*next sheet*/";
const [{ css }] = await new PurgeCSS().purge({
  content: [{ raw: words.join(" "), extension: "txt" }],
  css: [{ raw: sheets.join(BETWEEN) }],
  defaultExtractor: (all) => all.split(" "),
  keyframes: true,
  variables: true,
  // PurgeCSS sees neither the variables that figures name nor those with a fallback: var(--name, …)
  safelist: {
    variables: [
      ...words.filter((word) => word.startsWith("--")),
      ...Array.from(sheets.join("").matchAll(/var\((--[\w-]+)\s*,/g), ([, name]) => name),
    ],
  },
});
process.stdout.write(JSON.stringify(css.split(BETWEEN)));

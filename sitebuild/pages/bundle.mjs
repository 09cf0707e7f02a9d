// Reads the text of a script from standard input, writes it with all that it imports from npm's packages, as one file.
import { createRequire } from "node:module";
import process from "node:process";
import { text } from "node:stream/consumers";

const [, , root] = process.argv;
const { build } = createRequire(root + "/")("esbuild");
const { outputFiles } = await build({
  stdin: { contents: JSON.parse(await text(process.stdin)), resolveDir: root },
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none", // licences.txt names them
  logLevel: "silent",
});
process.stdout.write(outputFiles[0].contents);

// A changed program as a link and back: #run=rnn/spectral&code=…, the source deflated, in the letters of base64url.
// It is in the fragment, which no browser sends to any server.
const MOST = 100_000; // characters: a few bytes could unpack to gigabytes
export const canShare = "CompressionStream" in self;

/** The fragment for a program. */
export async function fragment(name, source) {
  const packed = new Blob([source]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const code = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return `#run=${name}&code=${code}`;
}

/** { name, source } of a fragment. Throws an Error if it is none, damaged, or longer than any program. */
export async function read(text) {
  const [, name, code] = text.match(/^#run=([\w/-]+)&code=([\w-]+)$/) || [];
  if (!name) throw new Error("not the link of a program");
  const bytes = Uint8Array.from(atob(code.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let source = "";
  for (;;) {
    const { done, value } = await reader.read();
    source += decoder.decode(value, { stream: !done });
    if (source.length > MOST) {
      reader.cancel();
      throw new Error("too long");
    }
    if (done) return { name, source };
  }
}

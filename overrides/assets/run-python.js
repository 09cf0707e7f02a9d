// The tokens of a Python program, [class, text], with the names that Pygments gives them on the page. "" is plain.
const IDENTIFIER = /[\p{XID_Start}_]\p{XID_Continue}*/uy;
const STRING = /([rRbBuUfF]{0,2})("""|'''|"|')/y;
const SPACE = /[^\S\n]+/y, COMMENT = /#.*/y;
const FLOAT = /(?:\d(?:_?\d)*\.(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*[eE][+-]?\d(?:_?\d)*j?/y;
const NUMBERS = { mf: FLOAT, mo: /0[oO](?:_?[0-7])+/y, mb: /0[bB](?:_?[01])+/y, mh: /0[xX](?:_?[a-fA-F0-9])+/y, mi: /\d(?:_?\d)*/y };
const OPERATOR = /!=|==|<<|>>|:=|[-~+/*%=<>&^|.@]/y;
const DECORATOR = /@[\p{XID_Start}_]\p{XID_Continue}*/uy;
const ESCAPE = /\\(?:N\{.*?\}|u[a-fA-F0-9]{4}|U[a-fA-F0-9]{8}|[\\abfnrtv"']|\n|x[a-fA-F0-9]{2}|[0-7]{1,3})/y;
const PLACE = /\{(?:\w+(?:\.\w+|\[[^\]]+\])*)?(?:![sra])?(?::(?:.?[<>=^])?[-+ ]?#?0?\d*,?(?:\.\d+)?[E-GXb-gnosx%]?)?\}/y;
const PERCENT = /%(?:\(\w+\))?[-#0 +]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[hlL]?[E-GXc-giorsaux%]/y;
const words = (text) => new Set(text.split(" "));
const KEYWORDS = words("assert async await break continue del elif else except finally for global if lambda pass raise nonlocal return try while yield as with");
const CONSTANTS = words("True False None");
const WORDS = words("in is and or not");
const BUILTINS = words("__import__ abs aiter all any bin bool bytearray breakpoint bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval filter float format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip");
const PSEUDO = words("self Ellipsis NotImplemented cls");
const EXCEPTION = /^(?:[A-Z]\w*(?:Error|Exception|Warning)|Warning|KeyboardInterrupt|StopIteration|StopAsyncIteration|SystemExit|GeneratorExit)$/;
const VARIABLES = words("__annotations__ __class__ __code__ __dict__ __doc__ __file__ __globals__ __module__ __mro__ __name__ __qualname__ __slots__");

export function tokens(source) {
  const out = [];
  let at = 0;
  let after = ""; // the keyword that decides what the next name is: def, class, import, from

  const put = (kind, text) => {
    out.push([kind, text]);
    at += text.length;
  };
  const take = (pattern, kind) => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found) put(kind, found[0]);
    return found;
  };

  function name() {
    IDENTIFIER.lastIndex = at;
    const found = IDENTIFIER.exec(source);
    if (!found) return false;
    const [word] = found;
    const attribute = source[at - 1] === ".";
    let kind = "n";
    if (after === "def") kind = /^__\w+__$/.test(word) ? "fm" : "nf";
    else if (after === "class") kind = "nc";
    else if (after === "from" && word === "import") kind = "kn";
    else if (after === "import" && word === "as") kind = "k";
    else if (after === "import" || (after === "from" && word !== "None")) kind = "nn";
    else if (word === "def" || word === "class" || KEYWORDS.has(word)) kind = "k";
    else if (word === "import" || word === "from") kind = "kn";
    else if (CONSTANTS.has(word)) kind = "kc";
    else if (WORDS.has(word)) kind = "ow";
    else if (/^__\w+__$/.test(word)) kind = VARIABLES.has(word) ? "vm" : "fm";
    else if (!attribute && BUILTINS.has(word)) kind = "nb";
    else if (!attribute && PSEUDO.has(word)) kind = "bp";
    else if (!attribute && EXCEPTION.test(word)) kind = "ne";
    if (kind === "nf" || kind === "fm" || kind === "nc") after = "";
    else if (after === "from" && word === "import") after = "";
    else if (["def", "class", "import", "from"].includes(word)) after = word;
    put(kind, word);
    return true;
  }

  function string([, prefix, quote]) {
    const kind = quote[0] === '"' ? "s2" : "s1";
    const format = /f/i.test(prefix), raw = /r/i.test(prefix);
    if (prefix) put("sa", prefix);
    put(kind, quote);
    while (at < source.length && (quote.length === 3 || source[at] !== "\n")) {
      if (source.startsWith(quote, at)) return put(kind, quote);
      if (!raw && take(ESCAPE, "se")) continue;
      if (raw && source[at] === "\\" && at + 1 < source.length) put(kind, source.slice(at, at + 2));
      else if (format && (source.startsWith("{{", at) || source.startsWith("}}", at))) put("se", source.slice(at, at + 2));
      else if (format && source[at] === "{") field();
      else if (!format && (take(PLACE, "si") || take(PERCENT, "si"))) continue;
      else put(format && source[at] === "}" ? "si" : kind, source[at]);
    }
  }

  // the field of an f-string: {expression!r:format}; what follows the colon is the string's again
  function field() {
    put("si", "{");
    for (let depth = 0; at < source.length && source[at] !== "\n"; ) {
      const end = depth ? null : /(?:=\s*)?(?:![sraf])?[}:]/y;
      if (end && !source.startsWith("!=", at) && !source.startsWith("==", at) && take(end, "si")) return;
      if ("([{".includes(source[at])) depth++;
      if (")]}".includes(source[at])) depth--;
      token();
    }
  }

  function token() {
    if (source[at] === "\n") {
      after = "";
      return put("", "\n");
    }
    if (take(SPACE, "") || take(COMMENT, "c1")) return;
    STRING.lastIndex = at;
    const quoted = STRING.exec(source);
    if (quoted) return string(quoted);
    if (name()) return;
    if ((source[at] === "." && (after === "import" || after === "from")) || (source[at] === "," && after === "import"))
      return put(source[at] === "." ? "nn" : "o", source[at]);
    after = "";
    if (Object.entries(NUMBERS).some(([kind, pattern]) => take(pattern, kind))) return;
    DECORATOR.lastIndex = at;
    if (source[at] === "@" && take(DECORATOR, "nd")) return;
    if (!take(OPERATOR, "o")) put("[]{}:(),;".includes(source[at]) ? "p" : "", source[at]);
  }
  while (at < source.length) token();
  return out;
}

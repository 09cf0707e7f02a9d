// A figure that a program in the page has drawn, made safe: the program may be anybody's. What is put into the page is
// built anew from the shapes, words and colours that Matplotlib draws with; links, scripts, whatever could load or do
// something, is not among them.
const SVG = "http://www.w3.org/2000/svg";
const ELEMENTS = new Set("g a defs path use clipPath rect circle ellipse line polyline polygon text tspan image pattern".split(" "));
const ATTRIBUTES = new Set(("d x y x1 y1 x2 y2 cx cy r rx ry width height points transform viewBox style id href clip-path" +
  " fill patternUnits preserveAspectRatio").split(" "));
const PROPERTIES = /^(?:fill|stroke|opacity|font-size|font-weight|font-style|text-anchor|white-space|image-rendering|(?:fill|stroke)-[a-z]+)$/;
const VALUE = /^[\w\s#.,%()'+-]*$/;
const ID = /^\w{1,20}[0-9a-f]{10}$/; // as Matplotlib makes them: none of the page's own looks like that

/** The element of one figure, from the text of an SVG. Throws an Error if that is no XML. */
export function drawing(text, label) {
  const read = new DOMParser().parseFromString(text, "image/svg+xml");
  if (read.documentElement.localName !== "svg" || read.querySelector("parsererror")) throw new Error("not an SVG");
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const box = read.documentElement.getAttribute("viewBox") || "";
  if (/^[\d\s.e-]+$/.test(box)) svg.setAttribute("viewBox", box);
  svg.setAttribute("fill", "currentColor");
  svg.setAttribute("stroke-linejoin", "round");
  svg.append(...children(read.documentElement));
  return svg;
}

function children(parent) {
  return [...parent.childNodes].flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE) return [node.data];
    if (node.nodeType !== Node.ELEMENT_NODE || node.namespaceURI !== SVG || !ELEMENTS.has(node.localName)) return [];
    const copy = document.createElementNS(SVG, node.localName === "a" ? "g" : node.localName); // a link is a mere group
    for (const { name, value } of node.attributes) {
      const safe = ATTRIBUTES.has(name) ? allowed(node.localName, name, value) : "";
      if (safe) copy.setAttribute(name, safe);
    }
    copy.append(...children(node));
    return [copy];
  });
}

/** What may stay of an attribute's value; "" for nothing. */
function allowed(element, name, value) {
  if (name === "id") return ID.test(value) ? value : "";
  if (name === "href") {
    if (element === "image") return /^data:image\/png;base64,[\w+/=\s]*$/.test(value) ? value : "";
    return element === "use" && /^#\w+$/.test(value) ? value : "";
  }
  if (name !== "style") return plain(value) ? value : "";
  return value.split(";").filter((declaration) => {
    const [property, ...rest] = declaration.split(":");
    return PROPERTIES.test(property.trim()) && rest.length === 1 && plain(rest[0]);
  }).join(";");
}

/** Numbers, names and colours; of addresses only those of the figure's own parts. */
function plain(value) {
  return VALUE.test(value) && !/url\s*\((?!#\w+\))/i.test(value);
}

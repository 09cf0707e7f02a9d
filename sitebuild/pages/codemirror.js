// The editor of overrides/assets/run.js: what of CodeMirror it takes. editor.py makes one file of it.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { pythonLanguage } from "@codemirror/lang-python";
import { Compartment, EditorState } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";

// The names that Pygments gives them on the page, with the page's colours in both schemes.
const COLOURS = tagHighlighter([
  { tag: [tags.keyword, tags.definitionKeyword, tags.controlKeyword, tags.modifier], class: "k" },
  { tag: tags.moduleKeyword, class: "kn" },
  { tag: [tags.bool, tags.null], class: "kc" },
  { tag: tags.operatorKeyword, class: "ow" },
  { tag: [tags.operator, tags.derefOperator], class: "o" },
  { tag: tags.comment, class: "c1" },
  { tag: tags.string, class: "s2" },
  { tag: tags.escape, class: "se" },
  { tag: tags.number, class: "mi" },
  { tag: tags.function(tags.definition(tags.variableName)), class: "nf" },
  { tag: tags.definition(tags.className), class: "nc" },
  { tag: tags.self, class: "bp" },
  { tag: tags.meta, class: "nd" },
]);

const LOOKS = EditorView.theme({
  "&": { color: "var(--md-code-fg-color)", backgroundColor: "var(--md-code-bg-color)" },
  "&.cm-focused": { outline: "2px solid var(--md-typeset-a-color)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--md-code-font-family, monospace)", lineHeight: 1.4 },
  ".cm-content": { padding: "0.77em 0", minHeight: "3em", caretColor: "var(--md-code-fg-color)" },
  ".cm-line": { padding: "0 2.5em 0 0.6em" },
  ".cm-gutters": { color: "var(--md-code-hl-comment-color)", backgroundColor: "var(--md-code-bg-color)", border: 0 },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "#2b729640" },
  ".cm-content ::selection": { backgroundColor: "#2b729659" },
});

/**
 * An editor in `parent`, with what run.js needs of it: the text, the line that failed, the keyboard.
 * `attributes` are those of the field; `typed` is called after each change, `run` at Ctrl+Enter.
 */
export function editor({ parent, text, attributes, typed, run }) {
  const bad = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), indentOnInput(), bracketMatching(), pythonLanguage,
        indentUnit.of("    "), EditorState.tabSize.of(4), syntaxHighlighting(COLOURS), LOOKS, bad.of([]),
        keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }, indentWithTab, ...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({ tabindex: "0", ...attributes }),
        EditorView.updateListener.of(({ docChanged }) => docChanged && typed()),
        // CodeMirror lets Tab leave for two seconds after Esc: not everybody is that quick
        EditorView.domEventHandlers({ keyup: ({ key }, at) => key === "Escape" && at.setTabFocusMode(600_000) }),
      ],
    }),
  });
  return {
    get value() {
      return view.state.doc.toString();
    },
    set value(insert) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
    },
    mark(number) {
      const isThere = number > 0 && number <= view.state.doc.lines;
      const line = isThere && Decoration.line({ class: "run-bad" }).range(view.state.doc.line(number).from);
      view.dispatch({ effects: bad.reconfigure(isThere ? EditorView.decorations.of(Decoration.set(line)) : []) });
    },
    focus() {
      view.contentDOM.focus({ preventScroll: true });
    },
    remove() {
      view.destroy();
    },
  };
}

// What the SPARQL editor (kg/ui/editor.js) uses of CodeMirror 6. README.md says how codemirror.min.js is made of it.
export { EditorState, Prec, StateEffect } from "@codemirror/state";
export {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder,
} from "@codemirror/view";
export {
  HighlightStyle, StreamLanguage, bracketMatching, ensureSyntaxTree, indentOnInput, indentUnit, syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
export {
  autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion,
} from "@codemirror/autocomplete";
export { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
export { forceLinting, lintGutter, linter } from "@codemirror/lint";
export { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
export { tags } from "@lezer/highlight";

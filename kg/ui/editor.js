// The SPARQL editor: CodeMirror with the language, the completion and the marks of errors that a query needs.
const KEYWORDS = `ASK BASE BIND BY CONSTRUCT DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP HAVING IN LIMIT MINUS NAMED NOT
  OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SEPARATOR UNDEF UNION VALUES WHERE AS ASC DESC a true false`.split(/\s+/);
const FUNCTIONS = `ABS AVG BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY FLOOR GROUP_CONCAT IF IRI ISBLANK ISIRI
  ISLITERAL ISNUMERIC LANG LANGMATCHES LCASE MAX MIN MONTH NOW RAND REGEX REPLACE ROUND SAMPLE STR STRAFTER STRBEFORE
  STRDT STRENDS STRLANG STRLEN STRSTARTS SUBSTR SUM UCASE URI YEAR`.split(/\s+/);
const KINDS = { class: "类", property: "属性", individual: "个体" };
const PHRASES = {
  Find: "查找", Replace: "替换为", next: "下一个", previous: "上一个", all: "全选", "match case": "区分大小写",
  regexp: "正则", "by word": "整词", replace: "替换", "replace all": "全部替换", close: "关闭", Completions: "补全",
  "current match": "当前匹配", "on line": "所在行", Diagnostics: "问题", "No diagnostics": "没有问题",
};

const loaded = async () => {
  while (!globalThis.policykgCodeMirror || !globalThis.policykgVocabulary) {
    await new Promise((done) => setTimeout(done, 20));
  }
  return [globalThis.policykgCodeMirror, globalThis.policykgVocabulary];
};

// SPARQL 1.1 §19.8 (terminals), as kg/graph/lexer.py reads them.
const LOCAL = "(?:[\\p{L}\\p{N}_.·:-]|%[0-9A-Fa-f]{2}|\\\\.)*";
const TERMINALS = [
  [/#.*/u, "comment"],
  [/<[^<>"{}|^`\\\x00-\x20]*>/u, "iri"],
  [/[?$][\p{L}\p{N}_]+/u, "variableName"],
  [/@[A-Za-z][\w-]*/u, "annotation"],
  [new RegExp(`(?:\\p{L}[\\p{L}\\p{N}_.·-]*)?:${LOCAL}`, "u"), "prefixed"],
  [/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/u, "number"],
  [/[\p{L}\p{N}_]+/u, "word"],
  [/[{}()[\]]/u, "bracket"],
  [/\^\^|&&|\|\||[<>!]=|[-+*/|^=<>!.,;]/u, "operator"],
];
const WORDS = new Map([...KEYWORDS.map((w) => [w, "keyword"]), ...FUNCTIONS.map((w) => [w, "function"])]);

const sparql = (cm) => cm.StreamLanguage.define({
  name: "sparql",
  startState: () => ({ quote: "", depth: 0 }),
  token(stream, state) {
    if (state.quote) return string(stream, state);
    if (stream.eatSpace()) return null;
    const quote = stream.match(/^(?:"""|'''|"|')/u);
    if (quote) {
      state.quote = quote[0];
      return string(stream, state);
    }
    for (const [pattern, kind] of TERMINALS) {
      const found = stream.match(new RegExp(`^(?:${pattern.source})`, "u"));
      if (!found) continue;
      if (kind === "bracket") state.depth = Math.max(0, state.depth + ("{([".includes(found[0]) ? 1 : -1));
      if (kind !== "word") return kind;
      return found[0] === "a" ? "keyword" : WORDS.get(found[0].toUpperCase()) ?? null;
    }
    stream.next();
    return null;
  },
  indent: (state, after, context) => Math.max(0, state.depth - (/^\s*[})\]]/.test(after) ? 1 : 0)) * context.unit,
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"', "'"] }, indentOnInput: /^\s*[})\]]$/ },
  tokenTable: {
    iri: cm.tags.url, prefixed: cm.tags.typeName, function: cm.tags.function(cm.tags.variableName), annotation: cm.tags.annotation,
  },
});

const string = (stream, state) => {
  while (!stream.eol()) {
    if (stream.match(state.quote)) {
      state.quote = "";
      return "string";
    }
    if (stream.next() === "\\") stream.next();
  }
  if (state.quote.length === 1) state.quote = ""; // such a string ends with its line
  return "string";
};

const declared = (text, vocabulary) =>
  new Set([...Object.keys(vocabulary.prefixes), ...[...text.matchAll(/PREFIX\s+([\p{L}\p{N}_.-]*):/giu)].map((m) => m[1])]);

// Terms by name, label or comment; variables of this query; names of the data inside quotes.
const complete = (cm, vocabulary) => {
  const terms = vocabulary.terms.map((term) => ({
    label: term.name, detail: term.label, type: term.kind === "property" ? "property" : "class",
    info: [KINDS[term.kind], term.comment].filter(Boolean).join("："), find: `${term.name} ${term.label}`.toLowerCase(),
    boost: term.kind === "property" ? 1 : 0,
  }));
  const prefixes = Object.entries(vocabulary.prefixes).map(([name, iri]) => ({
    label: `${name}:`, detail: iri, type: "namespace", find: name,
  }));
  const words = [...KEYWORDS, ...FUNCTIONS].map((word) => ({ label: word, type: "keyword", find: word.toLowerCase() }));
  const matching = (options, wanted) => options.filter((option) => option.find.includes(wanted));
  return (context) => {
    const node = cm.syntaxTree(context.state).resolveInner(context.pos, -1);
    if (node.name === "comment") return null;
    if (node.name === "string") {
      const at = context.matchBefore(/[^"'\n]*/u);
      const options = vocabulary.names.filter((name) => name.text.includes(at.text)).slice(0, 60);
      return at.text || context.explicit
        ? { from: at.from, filter: false, options: options.map((name) => ({ label: name.text, detail: name.kind, type: "text" })) }
        : null;
    }
    const variable = context.matchBefore(/[?$][\p{L}\p{N}_]*/u);
    if (variable) {
      const here = context.state.sliceDoc(0, variable.from) + context.state.sliceDoc(context.pos);
      const names = new Set([...here.matchAll(/\?[\p{L}\p{N}_]+/gu)].map((m) => m[0]));
      return { from: variable.from, options: [...names].map((label) => ({ label, type: "variable" })) };
    }
    const word = context.matchBefore(/[\p{L}\p{N}_.·-]*:?[\p{L}\p{N}_.·-]*/u);
    if (!word || (!word.text && !context.explicit)) return null;
    const wanted = word.text.toLowerCase();
    const options = wanted.includes(":")
      ? matching(terms, wanted)
      : [...matching(prefixes, wanted), ...matching(words, wanted), ...matching(terms, wanted)];
    return { from: word.from, filter: false, options };
  };
};

// Seen while writing: a prefix that nobody declared, brackets without their other half. The rest is told when it runs.
const look = (cm, vocabulary, faults) => (view) => {
  const text = view.state.doc.toString();
  const told = faults(view);
  const tree = cm.ensureSyntaxTree(view.state, text.length, 200);
  if (!tree) return told; // a text too long to be read at once
  const known = declared(text, vocabulary);
  const found = [];
  const open = [];
  tree.iterate({
    enter: ({ name, from, to }) => {
      const word = text.slice(from, to);
      if (name === "prefixed") {
        const prefix = word.slice(0, word.indexOf(":"));
        const declares = /PREFIX\s+$/i.test(text.slice(0, from));
        if (prefix !== "_" && !declares && !known.has(prefix)) {
          found.push({ from, to, severity: "error", message: `前缀 ${prefix}: 没有声明；可直接用的有 ${[...known].join("、")}` });
        }
      } else if (name === "bracket") {
        [...word].forEach((sign, number) => { // signs that follow each other are one token
          const at = from + number;
          if ("{([".includes(sign)) open.push([at, sign]);
          else if (open.length && "{([".indexOf(open.at(-1)[1]) === "})]".indexOf(sign)) open.pop();
          else found.push({ from: at, to: at + 1, severity: "error", message: `多出的“${sign}”` });
        });
      }
    },
  });
  for (const [from, word] of open) found.push({ from, to: from + 1, severity: "warning", message: `“${word}”没有配对` });
  return [...told, ...found];
};

// A fault that the store reported, from its place to the end of the word.
const marked = (view, fault) => {
  const line = view.state.doc.line(Math.min(Math.max(fault.line, 1), view.state.doc.lines));
  const before = [...line.text].slice(0, fault.column - 1).join("").length;
  const from = line.from + Math.min(before, Math.max(line.text.length - 1, 0));
  const rest = view.state.sliceDoc(from, line.to).match(/^[\p{L}\p{N}_:]+/u);
  return { from, to: Math.min(from + (rest?.[0].length ?? 1), line.to), severity: "error", message: fault.message };
};

const style = (cm) => cm.syntaxHighlighting(cm.HighlightStyle.define([
  { tag: cm.tags.keyword, class: "sq-keyword" }, { tag: cm.tags.variableName, class: "sq-variable" },
  { tag: cm.tags.function(cm.tags.variableName), class: "sq-function" }, { tag: cm.tags.string, class: "sq-string" },
  { tag: cm.tags.typeName, class: "sq-term" }, { tag: cm.tags.url, class: "sq-iri" }, { tag: cm.tags.number, class: "sq-number" },
  { tag: cm.tags.comment, class: "sq-comment" }, { tag: cm.tags.annotation, class: "sq-comment" },
]));

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no HTTPS, no loopback
    const area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
};

const make = (name, className, text) => {
  const element = document.createElement(name);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const build = (cm, vocabulary, place, drafts, faults, run, written) => {
  const told = cm.StateEffect.define(); // the store reported something, or no longer does
  const [strip, box, menu] = [make("div", "strip"), make("div", "box"), make("div", "menu")];
  const view = new cm.EditorView({
    parent: box,
    root: place.getRootNode(),
    doc: currentTab(drafts).text,
    extensions: [
      cm.Prec.highest(cm.keymap.of([{ key: "Mod-Enter", run: () => { run(); return true; } }])),
      cm.lineNumbers(), cm.history(), cm.drawSelection(), cm.highlightActiveLine(), cm.highlightActiveLineGutter(),
      cm.bracketMatching(), cm.closeBrackets(), cm.indentOnInput(), cm.indentUnit.of("  "), cm.highlightSelectionMatches(),
      cm.autocompletion({ override: [complete(cm, vocabulary)], icons: false, maxRenderedOptions: 80 }),
      sparql(cm), style(cm), cm.lintGutter(),
      cm.linter(look(cm, vocabulary, faults), {
        delay: 500, needsRefresh: ({ transactions }) => transactions.some(({ effects }) => effects.some((one) => one.is(told))),
      }),
      cm.keymap.of([
        ...cm.closeBracketsKeymap, ...cm.completionKeymap, ...cm.defaultKeymap, ...cm.searchKeymap, ...cm.historyKeymap,
      ]), // Tab leaves the editor: the keyboard must not be caught in it
      cm.EditorView.updateListener.of((update) => { if (update.docChanged) written(update.state.doc.toString()); }),
      cm.EditorView.lineWrapping, cm.EditorState.phrases.of(PHRASES),
      cm.EditorView.contentAttributes.of({ "aria-label": "查询语句", spellcheck: "false", tabindex: "0" }),
      cm.placeholder("写一个查询，或在上面选一个现成的。Ctrl+空格补全，Ctrl+回车运行"),
    ],
  });
  const bar = make("div", "bar");
  const button = (label, className, act) => {
    const element = make("button", className, label);
    element.type = "button";
    element.onclick = () => act(element);
    bar.append(element);
    return element;
  };
  button("运行", "run", run);
  bar.firstChild.append(make("kbd", "", "Ctrl+Enter"));
  button("补全", "", () => { view.focus(); cm.startCompletion(view); });
  button("复制", "", async (element) => {
    await copy(view.state.doc.toString());
    element.textContent = "已复制";
    setTimeout(() => { element.textContent = "复制"; }, 1500);
  });
  const naming = make("form", "naming");
  const keep = button("收藏", "", () => {
    naming.hidden = !naming.hidden || !view.state.doc.toString().trim();
    if (!naming.hidden) naming.querySelector("input").focus();
  });
  const mine = button("我的查询", "", () => open(menu.hidden));
  mine.setAttribute("aria-expanded", "false");
  bar.append(make("span", "stale", ""), make("span", "note", ""));
  const name = make("input");
  name.setAttribute("aria-label", "收藏的名称");
  name.placeholder = "名称";
  name.maxLength = 60;
  naming.append(name, make("button", "", "保存"));
  naming.onsubmit = (event) => {
    event.preventDefault();
    if (!name.value.trim()) return;
    const kept = keepByName(drafts, name.value.trim(), view.state.doc.toString());
    name.value = "";
    naming.hidden = true;
    changed();
    keep.textContent = kept ? "已收藏" : "没有存下，请先移除一些";
    setTimeout(() => { keep.textContent = "收藏"; }, 1500);
  };
  naming.hidden = menu.hidden = true;
  const open = (yes) => {
    menu.hidden = !yes;
    mine.setAttribute("aria-expanded", String(yes));
  };
  place.onkeydown = (event) => {
    if (event.key !== "Escape" || (menu.hidden && naming.hidden)) return;
    naming.hidden = true;
    open(false);
    mine.focus();
  };
  const shown = () => { // the tab's text in the editor
    const text = currentTab(drafts).text;
    if (view.state.doc.toString() !== text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    }
    changed();
  };
  const changed = () => {
    keepDrafts(drafts);
    drawTabs(strip, drafts, act);
    drawMenu(menu, drafts, act);
  };
  const act = {
    changed,
    pick: (id) => {
      drafts.active = id;
      shown();
      const tab = currentTab(drafts);
      if (tab.text.trim() && tab.text === tab.ran) run(); // its result comes back with it
    },
    open: () => { openTab(drafts, ""); shown(); view.focus(); },
    close: () => { closeTab(drafts); shown(); },
    show: (text) => {
      openText(drafts, text);
      open(false);
      shown();
      view.focus();
    },
  };
  place.replaceChildren(strip, box, bar, naming, menu);
  changed();
  const again = () => {
    view.dispatch({ effects: told.of(null) });
    cm.forceLinting(view);
  };
  return { view, note: bar.querySelector(".note"), stale: bar.querySelector(".stale"), again, shown };
};

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".editor");
  const state = (place.state ??= { shown: undefined, fault: "", drafts: readDrafts() });
  state.send = (text) => setTriggerValue("run", text);
  state.data = data;
  const back = getComputedStyle(place).getPropertyValue("--st-background-color").match(/[0-9a-f]{2}/gi) ?? ["ff"];
  place.classList.toggle("dark", parseInt(back[0], 16) < 128);
  const aside = () => {
    const other = state.data.text && state.editor.view.state.doc.toString() !== state.data.text;
    state.editor.stale.textContent = other ? "语句已改，运行后更新下面的结果" : "";
  };
  const update = ([cm]) => {
    const { view, note, again, shown } = state.editor;
    note.textContent = state.data.note;
    if (state.data.text !== state.shown) {
      state.shown = state.data.text;
      if (state.shown) takeIn(state.drafts, state.shown);
      shown();
    }
    aside();
    const fault = JSON.stringify(state.data.fault);
    if (fault !== state.fault) {
      state.fault = fault;
      again();
      const [at] = faults(view);
      if (at) view.dispatch({ selection: { anchor: at.from }, effects: cm.EditorView.scrollIntoView(at.from, { y: "center" }) });
    }
  };
  // What the store reported, as long as the text is the one that it was said of.
  const faults = (view) =>
    (state.data.fault && view.state.doc.toString() === state.data.text ? [marked(view, state.data.fault)] : []);
  loaded().then((library) => {
    if (!state.editor) {
      if (!place.isConnected) return;
      const run = () => {
        state.shown = state.editor.view.state.doc.toString();
        state.fault = ""; // the same fault again is marked again
        if (state.shown.trim()) rememberRun(state.drafts, state.shown);
        state.editor.shown();
        state.send(state.shown);
      };
      const written = (text) => {
        currentTab(state.drafts).text = text;
        refreshLists(state.drafts);
        keepDrafts(state.drafts);
        if (state.editor) aside();
      };
      state.editor = build(library[0], library[1], place, state.drafts, faults, run, written);
      globalThis.policykgEditor = state.editor.view; // for the tests of the app, and for whoever looks into the console
      place.dataset.ready = "yes";
    }
    update(library);
  });
}

// Shows a text: one paragraph per line, headings by level, what is named highlighted by type, one stretch marked and
// scrolled to, and where a page of the source begins.
// Positions count Unicode characters, as in Python; JavaScript strings count UTF-16 units, hence Array.from.
const STORE = "policykg-reader-hidden"; // the types switched off: kept for the sitting, in this browser only

const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const switchedOff = () => {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(STORE) ?? "[]"));
  } catch {
    return new Set();
  }
};

// The text as paragraphs; each boundary of a heading, a name, the marked stretch or a page cuts a paragraph in pieces.
const draw = (data, body, headings) => {
  const characters = Array.from(data.text);
  const [from, to] = data.focus ?? [-1, -1];
  const pages = data.pages ?? [];
  let span = 0;
  let heading = 0;
  let page = 0;
  const outline = data.outline.toSorted((a, b) => a.start - b.start);

  const piece = (start, end, thing) => {
    const words = characters.slice(start, end).join("");
    let node = document.createTextNode(words);
    if (from >= 0 && start >= from && end <= to) {
      node = make("mark", "", words);
    }
    if (thing === undefined) return node;
    const { kind } = data.things[thing];
    const named = make("span", `e ${kind}`);
    named.dataset.thing = thing;
    named.setAttribute("role", "button");
    named.tabIndex = -1;
    named.append(node);
    return named;
  };

  const paragraph = (start, end) => {
    const element = make("p");
    while (heading < outline.length && outline[heading].start < start) heading += 1;
    if (heading < outline.length && outline[heading].start < Math.max(end, start + 1)) {
      element.className = `h h${Math.min(outline[heading].level, 4)}`;
      headings.set(outline[heading].start, element);
    }
    let at = start;
    while (at < end || (at === start && start === end)) {
      while (span < data.spans.length && data.spans[span][1] <= at) span += 1;
      while (page < pages.length && pages[page][0] <= at) {
        element.append(make("span", "page", `第 ${pages[page][1]} 页`));
        page += 1;
      }
      if (start === end) break;
      const inside = span < data.spans.length && data.spans[span][0] <= at;
      const cuts = [end, from, to, pages[page]?.[0], inside ? data.spans[span][1] : data.spans[span]?.[0]];
      const next = Math.min(...cuts.filter((cut) => cut !== undefined && cut > at));
      element.append(piece(at, next, inside ? data.spans[span][2] : undefined));
      at = next;
    }
    return element;
  };

  let start = 0;
  for (let at = 0; at <= characters.length; at += 1) {
    if (at === characters.length || characters[at] === "\n") {
      body.append(paragraph(start, at));
      start = at + 1;
    }
  }
};

const outlineOf = (data, headings) => {
  const outline = make("details", "outline");
  outline.append(make("summary", "", `目录（${data.outline.length}）`));
  const list = make("div", "entries");
  for (const entry of data.outline) {
    const button = make("button", `l${Math.min(entry.level, 4)}`, `${entry.label} ${entry.title}`.trim());
    button.type = "button";
    button.onclick = () => {
      headings.get(entry.start)?.scrollIntoView({ block: "start" });
      outline.open = false;
    };
    list.append(button);
  }
  outline.append(list);
  return outline;
};

// One switch for each type that occurs, drawn like what it switches.
const legendOf = (data, body) => {
  const off = switchedOff();
  const legend = make("div", "legend");
  legend.setAttribute("role", "group");
  legend.setAttribute("aria-label", "标出哪些内容");
  for (const [kind, label] of data.kinds) {
    const count = data.spans.filter(([, , thing]) => data.things[thing].kind === kind).length;
    if (!count) continue;
    const button = make("button", `switch ${kind}`);
    button.type = "button";
    button.append(make("span", `sample ${kind}`, label), make("small", "", ` ${count}`));
    const show = () => {
      button.setAttribute("aria-pressed", String(!off.has(kind)));
      body.classList.toggle(`no-${kind}`, off.has(kind));
    };
    button.title = `${label} ${count} 处，点按显示或隐藏标记`;
    button.onclick = () => {
      if (!off.delete(kind)) off.add(kind);
      try {
        sessionStorage.setItem(STORE, JSON.stringify([...off]));
      } catch {
        // a browser that keeps nothing still switches
      }
      show();
    };
    show();
    legend.append(button);
  }
  return legend;
};

// The card of what was clicked: its name, type and details, and a link to its page.
const cardOf = (data, body, place) => {
  const card = make("div", "card");
  card.setAttribute("role", "dialog");
  card.hidden = true;
  let source;
  const close = (back) => {
    if (card.hidden) return;
    card.hidden = true;
    source?.setAttribute("aria-expanded", "false");
    if (back) source?.focus({ preventScroll: true });
  };
  const show = (element) => {
    const thing = data.things[Number(element.dataset.thing)];
    close(false);
    source = element;
    const shut = make("button", "shut", "×");
    shut.type = "button";
    shut.setAttribute("aria-label", "关闭");
    shut.onclick = () => close(true);
    const kind = data.kinds.find(([name]) => name === thing.kind)[1];
    card.setAttribute("aria-label", `${kind}：${thing.name}`);
    const details = make("dl");
    for (const [label, text] of [...thing.details, ["本文出现", `${thing.count} 处`]]) {
      details.append(make("dt", "", label), make("dd", "", text));
    }
    card.replaceChildren(shut, make("small", `sample ${thing.kind}`, kind), make("b", "", thing.name), details);
    if (thing.lead) {
      const link = make("a", "", thing.lead.label);
      link.href = thing.lead.href;
      link.target = "_blank";
      link.rel = "noopener";
      link.setAttribute("aria-label", `${thing.lead.label}（新标签页）`);
      card.append(link);
    }
    card.hidden = false;
    element.setAttribute("aria-expanded", "true");
    const box = element.getClientRects()[0];
    const frame = place.getBoundingClientRect();
    const left = Math.min(box.left - frame.left, frame.width - card.offsetWidth - 8);
    const under = box.bottom - frame.top + 4;
    const above = box.top - frame.top - card.offsetHeight - 4;
    card.style.left = `${Math.max(8, left)}px`;
    card.style.top = `${under + card.offsetHeight < frame.height || above < 0 ? under : above}px`;
    (card.querySelector("a") ?? shut).focus({ preventScroll: true });
  };
  body.addEventListener("scroll", () => close(false), { passive: true });
  place.onkeydown = (event) => event.key === "Escape" && close(true);
  return { card, show, close };
};

// One name of all is reached with Tab, the others with the arrow keys: a long text has thousands.
const keysOf = (body, show, close) => {
  const named = () => [...body.querySelectorAll(".e")].filter((e) => getComputedStyle(e).textDecorationLine !== "none");
  body.querySelector(".e")?.setAttribute("tabindex", "0");
  body.onclick = (event) => {
    const element = event.target.closest(".e");
    if (element && getComputedStyle(element).textDecorationLine !== "none") show(element);
    else close(false);
  };
  body.onkeydown = (event) => {
    const element = event.target.closest?.(".e");
    if (!element) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show(element);
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      event.preventDefault();
      const all = named();
      const next = all[all.indexOf(element) + (event.key === "ArrowRight" ? 1 : -1)];
      if (!next) return;
      element.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  };
};

export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".reader");
  const before = place.querySelector(".body");
  const stay = before && place.shown === data.text && place.focused === String(data.focus) ? before.scrollTop : null;
  place.shown = data.text;
  place.focused = String(data.focus);
  const body = make("div", "body");
  body.tabIndex = 0;
  body.setAttribute("role", "region");
  body.setAttribute("aria-label", "正文");
  const headings = new Map();
  draw(data, body, headings);
  const { card, show, close } = cardOf(data, body, place);
  keysOf(body, show, close);
  const parts = [];
  if (data.outline.length) parts.push(outlineOf(data, headings));
  if (data.spans.length) parts.push(legendOf(data, body));
  place.replaceChildren(...parts, body, card);
  const mark = body.querySelector("mark");
  if (stay !== null) {
    body.scrollTop = stay;
  } else if (mark) {
    // Only the text scrolls, not the page around it.
    const top = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop += top - body.clientHeight / 3;
  }
}

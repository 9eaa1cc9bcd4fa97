// Shows a text: one paragraph per line, headings by level, one stretch marked and scrolled to.
// Positions count Unicode characters, as in Python; JavaScript strings count UTF-16 units, hence Array.from.
export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".reader");
  const characters = Array.from(data.text);
  const [from, to] = data.focus ?? [-1, -1];
  const levels = new Map(data.outline.map((entry) => [entry.start, entry]));
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const body = make("div", "body");
  body.tabIndex = 0;
  const headings = new Map();
  const piece = (start, end) => characters.slice(start, end).join("");

  const paragraph = (start, end) => {
    const element = make("p");
    for (const [position, entry] of levels) {
      if (position >= start && position < Math.max(end, start + 1)) {
        element.className = "h h" + Math.min(entry.level, 4);
        headings.set(position, element);
        break;
      }
    }
    const left = Math.max(start, Math.min(from, end));
    const right = Math.max(left, Math.min(to, end));
    if (from >= 0 && left < right) {
      element.append(piece(start, left), make("mark", "", piece(left, right)), piece(right, end));
    } else {
      element.textContent = piece(start, end);
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

  const parts = [];
  if (data.outline.length) {
    const outline = make("details", "outline");
    outline.append(make("summary", "", `目录（${data.outline.length}）`));
    const list = make("div", "entries");
    for (const entry of data.outline) {
      const button = make("button", "l" + Math.min(entry.level, 4), entry.label + entry.title);
      button.type = "button";
      button.onclick = () => {
        headings.get(entry.start)?.scrollIntoView({ block: "start" });
        outline.open = false;
      };
      list.append(button);
    }
    outline.append(list);
    parts.push(outline);
  }
  place.replaceChildren(...parts, body);
  const mark = body.querySelector("mark");
  if (mark) {
    // Only the text scrolls, not the page around it.
    body.scrollTop = mark.offsetTop - body.offsetTop - body.clientHeight / 3;
  }
}

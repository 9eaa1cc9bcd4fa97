// A table to sort, page through and copy. Text is only ever put into text nodes; links lead to pages of this app.
const NUMBER = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 10, useGrouping: false });
const ORDER = new Intl.Collator("zh", { numeric: true });

const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const value = (cell) => (cell !== null && typeof cell === "object" ? cell.text : cell);
const shown = (cell) => {
  const plain = value(cell);
  return plain === null ? "" : typeof plain === "number" ? NUMBER.format(plain) : String(plain);
};

const compare = (a, b) => {
  const [x, y] = [value(a), value(b)];
  if (x === null || y === null || x === "" || y === "") return (x === null || x === "") - (y === null || y === "");
  return typeof x === "number" && typeof y === "number" ? x - y : ORDER.compare(String(x), String(y));
};

const sorted = (rows, column, down) => {
  if (column < 0) return rows;
  const empty = (row) => value(row[column]) === null || value(row[column]) === "";
  return [...rows].sort((a, b) => (empty(a) || empty(b) ? empty(a) - empty(b) : compare(a[column], b[column]) * (down ? -1 : 1)));
};

// As text with tabs for a worksheet, as a table for a text document.
const copyTable = async (columns, rows) => {
  const flat = (text) => text.replace(/\s+/g, " ").trim();
  const lines = [columns, ...rows.map((row) => row.map(shown))].map((line) => line.map(flat));
  const text = lines.map((line) => line.join("\t")).join("\n");
  const table = make("table");
  table.border = "1";
  lines.forEach((line, number) => {
    const row = table.insertRow();
    line.forEach((cell) => row.append(make(number ? "td" : "th", "", cell)));
  });
  try {
    await navigator.clipboard.write([
      new ClipboardItem({
        "text/plain": new Blob([text], { type: "text/plain" }),
        "text/html": new Blob([table.outerHTML], { type: "text/html" }),
      }),
    ]);
  } catch { // no HTTPS, no loopback
    const area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
};

const draw = (place, state) => {
  const { columns, rows, size, colours, numeric } = state.data;
  const ordered = sorted(rows, state.column, state.down);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  state.page = Math.min(state.page, pages - 1);
  const table = make("table");
  table.setAttribute("aria-label", state.data.label);
  const head = table.createTHead().insertRow();
  columns.forEach((name, column) => {
    const cell = make("th", numeric[column] ? "number" : "");
    cell.scope = "col";
    const active = state.column === column;
    cell.setAttribute("aria-sort", active ? (state.down ? "descending" : "ascending") : "none");
    const button = make("button", "", name);
    button.type = "button";
    button.title = "按此列排序";
    button.append(make("i", "", active ? (state.down ? "▼" : "▲") : ""));
    button.onclick = () => {
      [state.column, state.down] = !active ? [column, false] : state.down ? [-1, false] : [column, true];
      state.page = 0;
      draw(place, state);
      place.querySelectorAll("th button")[column].focus();
    };
    cell.append(button);
    head.append(cell);
  });
  const body = table.createTBody();
  const visible = ordered.slice(state.page * size, (state.page + 1) * size);
  const width = columns.map((_, column) => {
    const longest = Math.max(0, ...visible.map((row) => shown(row[column]).length));
    return numeric[column] ? "number" : longest > 24 ? "long" : longest > 8 ? "middling" : "";
  });
  for (const row of visible) {
    const line = body.insertRow();
    row.forEach((cell, column) => {
      const box = make("td", width[column]);
      const text = shown(cell);
      if (cell !== null && typeof cell === "object") {
        const link = make("a", "", text);
        link.href = cell.href;
        link.target = "_blank";
        link.rel = "noopener";
        if (cell.title) link.title = cell.title;
        box.append(link);
      } else {
        const inner = make("div", "", text);
        if (colours[text]) {
          inner.className = "state";
          inner.style.background = colours[text];
        }
        box.append(inner);
        if (text.length > 40) box.title = text;
      }
      line.append(box);
    });
  }
  const frame = make("div", "frame");
  frame.tabIndex = 0; // scrolls with the keyboard
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", state.data.label);
  frame.append(table);
  const bar = make("div", "bar");
  const button = (label, act, off = false) => {
    const element = make("button", "", label);
    element.type = "button";
    element.disabled = off;
    element.onclick = () => act(element);
    bar.append(element);
  };
  button("复制表格", async (element) => {
    await copyTable(columns, ordered);
    element.textContent = "已复制";
    setTimeout(() => { element.textContent = "复制表格"; }, 1500);
  });
  if (pages > 1) {
    const turn = (by) => () => {
      state.page += by;
      draw(place, state);
    };
    button("上一页", turn(-1), state.page === 0);
    bar.append(make("span", "", `第 ${state.page + 1} / ${pages} 页，共 ${rows.length} 行`));
    button("下一页", turn(1), state.page === pages - 1);
  }
  place.replaceChildren(frame, bar);
};

export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".grid");
  const same = place.state && JSON.stringify(place.state.data) === JSON.stringify(data);
  if (same) return;
  place.state = { data, column: -1, down: false, page: 0 };
  draw(place, place.state);
}

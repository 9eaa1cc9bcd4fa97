// Draws agencies and their ties with Cytoscape.js (kg/ui/vendor), and lists them beside, for the keyboard.
// Text is only ever put into text nodes and canvas labels, never into HTML.
const COLOURS = ["#2f6fbf", "#c77d1a", "#3d8f5f", "#8a63b5", "#b4515f", "#4f9aa8", "#7d7d3a", "#5d6b9c"];
const ALONE = "#8a929e";
const TIES = {
  activity: { name: "共同承担活动", colour: "#5b8fd0", style: "solid" },
  issued: { name: "联合发文", colour: "#c77d1a", style: "solid" },
  guidance: { name: "业务指导", colour: "#b4515f", style: "dashed" },
  structure: { name: "隶属关系", colour: "#3d8f5f", style: "dashed" },
  member: { name: "集体成员", colour: "#8a63b5", style: "dotted" },
  inferred: { name: "由名称推得的指导", colour: "#b4515f", style: "dotted" },
};
const HIDDEN_AT_FIRST = ["inferred"]; // what no document says
const FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif";
const LETTER = 11; // pixels on the screen, at any zoom
const LINE = 9; // characters of a label's line
const CALM = 45; // agencies that have room for their names on a canvas; with more it is drawn larger and seen smaller

const library = async () => {
  if (!globalThis.policykgCytoscape) {
    await new Promise((done) => addEventListener("policykg-cytoscape", done, { once: true }));
  }
  return globalThis.policykgCytoscape;
};

const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const colourOf = (group) => (group === null ? ALONE : COLOURS[group] ?? ALONE);

const tieOf = (edge) => TIES[edge.inferred ? "inferred" : edge.ties[0]] ?? { colour: ALONE, style: "solid" };

// What an element looks like, of all that is chosen, hidden and marked: for a picture that is made and for one that changes.
const dressing = (data, place) => {
  const { chosen, way = [], hiddenTies, hiddenNames, pinnedNames } = place;
  const known = data.nodes.some((node) => node.label === chosen);
  const beside = (edge) => edge.source === chosen || edge.target === chosen;
  const near = new Set(known ? [chosen] : []);
  if (known) data.edges.filter(beside).forEach((edge) => near.add(edge.source).add(edge.target));
  const steps = new Set(way.flatMap((name, n) => (n ? [`${name}\n${way[n - 1]}`, `${way[n - 1]}\n${name}`] : [])));
  const marked = (is) => (known ? [is ? "near" : "far"] : []);
  return {
    node: (name) => [
      ...marked(near.has(name)), name === chosen && known && "chosen", way.includes(name) && "way",
      hiddenNames.has(name) && "off", pinnedNames.has(name) && "pinned",
    ].filter(Boolean),
    edge: (edge) => {
      const step = steps.has(`${edge.source}\n${edge.target}`);
      return [...marked(beside(edge)), step ? "way" : hiddenTies.has(edge.kind) && "off"].filter(Boolean);
    },
  };
};

// The picture gives each agency its place in a square; `spread` and `part` fit them to the canvas.
const elements = (data, dress) => {
  const largest = Math.max(...data.nodes.map((node) => node.size), 1e-9);
  return [
    ...data.nodes.map((node) => ({
      data: { id: node.label, ...node, diameter: 10 + 18 * Math.sqrt(node.size / largest), colour: colourOf(node.group) },
      position: { x: node.x, y: node.y }, classes: dress.node(node.label),
    })),
    ...data.edges.map((edge, number) => {
      const tie = { source: edge.source, target: edge.target, kind: edge.inferred ? "inferred" : edge.ties[0] };
      const width = 1 + Math.min(Math.log2(edge.weight), 4);
      const { colour, style: line } = tieOf(edge);
      return { data: { id: `tie-${number}`, ...tie, width, colour, style: line }, classes: dress.edge(tie) };
    }),
  ];
};

// As many lines as LINE asks for, of like length: no name ends in a line of one character.
const lineOf = (name) => Math.ceil(name.length / Math.ceil(Math.max(name.length, 1) / LINE));
const widthOf = (node, size) => size * (lineOf(node.data("label")) + 0.2);
const thinnest = (zoom) => Math.max(1, 0.8 / zoom); // seen from afar a tie is still a line

// Sizes of letters and lines are those of a zoom: `letter` changes them with it.
const style = (place, zoom) => {
  const size = LETTER / zoom;
  const read = (name, otherwise) => getComputedStyle(place).getPropertyValue(name).trim() || otherwise;
  const text = read("--st-text-color", "#1c2430");
  const back = read("--st-background-color", "#ffffff");
  return [
    { selector: "node", style: {
      label: "data(label)", width: "data(diameter)", height: "data(diameter)", "background-color": "data(colour)",
      color: text, "font-family": FONT, "font-size": size, "text-valign": "bottom", "text-margin-y": 2,
      "text-wrap": "wrap", "text-overflow-wrap": "anywhere", "text-max-width": (node) => widthOf(node, size),
      "text-outline-color": back, "text-outline-width": 2 / zoom } },
    { selector: "edge", style: {
      width: (edge) => edge.data("width") * thinnest(zoom), "line-color": "data(colour)", "line-style": "data(style)", "curve-style": "haystack",
      "haystack-radius": 0, opacity: 0.55 } },
    { selector: ".far", style: { opacity: 0.4 } }, // names stay legible
    { selector: "edge.far", style: { opacity: 0.12 } },
    { selector: "node.near", style: { "z-index": 5 } },
    { selector: "node.quiet", style: { "text-opacity": 0 } },
    { selector: "edge.near", style: { opacity: 0.9, "z-index": 4 } },
    { selector: "edge.off, node.off", style: { display: "none" } },
    { selector: "node.pinned", style: { shape: "diamond" } },
    { selector: "edge.way", style: { opacity: 1, "line-color": text, "z-index": 8 } },
    { selector: "node.way", style: { "border-width": 3, "border-color": text, opacity: 1, "z-index": 8 } },
    { selector: "node.chosen", style: {
      "border-width": 4, "border-color": text, "font-weight": "bold", "z-index": 9 } },
  ];
};

// Names keep their size on the screen: letters and lines change with the zoom, which is all that is changed one by one.
const resize = (cy) => {
  const zoom = cy.zoom();
  const before = cy.scratch("policykg");
  cy.scratch("policykg", zoom);
  if (zoom === before) return;
  const size = LETTER / zoom;
  cy.nodes().forEach((node) => {
    node.style({ "font-size": size, "text-outline-width": 2 / zoom, "text-max-width": widthOf(node, size) });
  });
  if (thinnest(zoom) === thinnest(before)) return;
  cy.edges().forEach((edge) => { edge.style("width", edge.data("width") * thinnest(zoom)); });
};

// Of names that would cover each other only the more important one shows.
const letter = (cy) => {
  if (cy.destroyed()) return; // the picture changed while it was moving
  const rank = (node) => (node.hasClass("chosen") ? 2e6 : node.hasClass("near") ? 1e6 : 0) + node.data("diameter");
  const taken = [];
  cy.batch(() => {
    resize(cy);
    for (const node of cy.nodes(":visible").toArray().sort((a, b) => rank(b) - rank(a))) {
      const at = node.renderedPosition();
      const name = node.data("label");
      const wide = lineOf(name) * LETTER + 4;
      const top = at.y + (node.data("diameter") * cy.zoom()) / 2;
      const box = [at.x - wide / 2, top, at.x + wide / 2, top + Math.ceil(name.length / LINE) * LETTER * 1.25];
      const free = taken.every((o) => box[0] > o[2] || box[2] < o[0] || box[1] > o[3] || box[3] < o[1]);
      node.toggleClass("quiet", !free);
      if (free) taken.push(box);
    }
  });
};

// Where a value stands among all, between 0 and 1: half as it is, half by its rank, so that a crowd gets more room.
const evened = (values) => {
  const least = Math.min(...values);
  const range = Math.max(...values) - least || 1;
  const order = values.map((value, number) => [value, number]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const rank = [];
  order.forEach(([, number], place) => { rank[number] = place / Math.max(values.length - 1, 1); });
  return values.map((value, number) => 0.5 * ((value - least) / range) + 0.5 * rank[number]);
};

// Names keep their size on the screen and take more of a drawing that is seen from afar: of many, it is made larger.
const crowdOfMany = (count) => Math.max(Math.sqrt(count / CALM), 1);
const crowdOf = (cy) => crowdOfMany(cy.nodes(":visible").length);
const MARGIN = { top: 36, side: 6 }; // pixels: the tools
const footOf = (cy) => (cy.container().parentElement?.querySelector(".legend")?.offsetHeight ?? 20) + 10; // of two lines at times

// The layout leaves a drawing that is tall or wide as it comes: drawn out to the shape of the canvas.
const spread = (cy) => {
  const nodes = cy.nodes(":visible").toArray();
  if (nodes.length < 2) return;
  const [wide, high] = [cy.width() * crowdOf(cy), cy.height() * crowdOf(cy)];
  const [across, down] = ["x", "y"].map((axis) => evened(nodes.map((node) => node.position(axis))));
  cy.batch(() => nodes.forEach((node, n) => node.position({ x: across[n] * wide, y: down[n] * high })));
};

// Dots with their names pushed apart within the canvas until none covers another, as far as there is room.
const part = (cy) => {
  const crowd = crowdOf(cy);
  const size = LETTER * crowd;
  const foot = footOf(cy) * crowd;
  const at = cy.nodes(":visible").toArray().map((node) => {
    const name = node.data("label");
    const dot = node.data("diameter");
    const high = dot + Math.ceil(name.length / LINE) * size * 1.25 + 5;
    const wide = Math.max(dot, lineOf(name) * size) + 5;
    return { node, dot, x: node.position("x"), y: node.position("y") + (high - dot) / 2, h: high, w: wide };
  });
  const within = (a) => {
    const side = a.w / 2 + MARGIN.side;
    a.x = Math.min(Math.max(a.x, side), Math.max(cy.width() * crowd - side, side));
    const top = MARGIN.top * crowd + a.h / 2;
    a.y = Math.min(Math.max(a.y, top), Math.max(cy.height() * crowd - foot - a.h / 2, top));
  };
  at.forEach(within);
  for (let turn = 0; turn < 500; turn += 1) {
    let moved = false;
    for (let i = 0; i < at.length; i += 1) {
      for (let j = i + 1; j < at.length; j += 1) {
        const [a, b] = [at[i], at[j]];
        const over = { x: (a.w + b.w) / 2 - Math.abs(a.x - b.x), y: (a.h + b.h) / 2 - Math.abs(a.y - b.y) };
        if (over.x <= 0.5 || over.y <= 0.5) continue;
        moved = true;
        // every few turns the longer way, for two that are held against a wall
        const along = (over.x < over.y) !== (turn % 7 === 6) ? "x" : "y";
        const push = over[along] * 0.3 + 0.5;
        const sign = a[along] <= b[along] ? 1 : -1;
        a[along] -= sign * push;
        b[along] += sign * push;
        within(a);
        within(b);
      }
    }
    if (!moved) break;
  }
  cy.batch(() => at.forEach(({ node, x, y, h, dot }) => node.position({ x, y: y - (h - dot) / 2 })));
};

const frame = (cy) => {
  cy.viewport({ zoom: 1 / crowdOf(cy), pan: { x: 0, y: 0 } });
  letter(cy);
};

const settle = (cy) => {
  spread(cy);
  part(cy);
  frame(cy);
};

// A page that is still arranging its columns, or whose window changes, leaves a drawing that was laid out for another
// width: while nobody has touched it, it is laid out anew, from where the server put each.
const follows = (cy, place) => {
  let touched = false;
  const over = new AbortController(); // with the drawing, of which a place has many in turn
  cy.on("destroy", () => over.abort());
  for (const kind of ["pointerdown", "wheel", "keydown"]) {
    const how = { once: true, capture: true, passive: true, signal: over.signal };
    place.addEventListener(kind, () => { touched = true; }, how);
  }
  let size = [cy.width(), cy.height()];
  cy.on("resize", () => {
    const now = [cy.width(), cy.height()];
    if (touched || !now[0] || now.every((length, axis) => length === size[axis])) return;
    size = now;
    cy.nodes().forEach((node) => node.position({ x: node.data("x"), y: node.data("y") }));
    settle(cy);
  });
};

// Dress what is there anew; `move`: to what is chosen.
const redress = (cy, data, place, { move = false } = {}) => {
  const dress = dressing(data, place);
  const keep = (element) => (element.hasClass("quiet") ? ["quiet"] : []);
  cy.batch(() => {
    cy.nodes().forEach((node) => { node.classes([...dress.node(node.id()), ...keep(node)]); });
    cy.edges().forEach((edge) => { edge.classes(dress.edge(edge.data())); });
  });
  const chosen = cy.nodes(".chosen");
  if (move && chosen.nonempty()) {
    cy.animate({ fit: { eles: chosen.closedNeighborhood(), padding: 50 }, duration: 250, complete: () => letter(cy) });
  }
  letter(cy);
};

// What comes in when an agency is opened stands around it; what was there stays where one knows it to be.
const placed = (cy, before, opened) => {
  const fresh = cy.nodes().filter((node) => !before[node.id()]);
  const around = opened ? before[opened] : undefined;
  cy.nodes().difference(fresh).forEach((node) => node.position(before[node.id()]));
  fresh.forEach((node, number) => {
    const turn = (2 * Math.PI * number) / Math.max(fresh.length, 1);
    const at = around ?? { x: cy.width() / 2, y: cy.height() / 2 };
    node.position({ x: at.x + 90 * Math.cos(turn), y: at.y + 90 * Math.sin(turn) });
  });
  part(cy);
  frame(cy);
};

const end = (place) => {
  place.held?.cy.stop(true);
  place.held?.cy.destroy();
  place.held = undefined;
};

const list = (data, choose) => {
  const box = make("div", "list");
  box.append(make("h2", "", `机构（${data.nodes.length}）`));
  const items = make("ul");
  for (const node of [...data.nodes].sort((a, b) => b.ties - a.ties || a.label.localeCompare(b.label, "zh"))) {
    const button = make("button", node.label === data.chosen ? "chosen" : "");
    button.type = "button";
    const dot = make("i");
    dot.style.background = colourOf(node.group);
    button.append(dot, make("span", "", node.label), make("b", "", String(node.ties)));
    button.setAttribute("aria-pressed", String(node.label === data.chosen));
    button.title = `${node.label}：${node.ties} 个有联系的机构，${node.activities} 项活动`;
    button.onclick = () => choose(node.label);
    const item = make("li");
    item.append(button);
    items.append(item);
  }
  box.append(items);
  // Once it is in the page: only the list scrolls, not the page around it.
  requestAnimationFrame(() => {
    const chosen = box.querySelector(".chosen");
    if (chosen) box.scrollTop = chosen.offsetTop - box.offsetTop - box.clientHeight / 3;
  });
  return box;
};

const legend = (data, off, changed) => {
  const box = make("p", "legend");
  const kinds = new Set(data.edges.map((edge) => (edge.inferred ? "inferred" : edge.ties[0])));
  for (const [tie, { name, colour, style: line }] of Object.entries(TIES)) {
    if (!kinds.has(tie)) continue;
    const entry = make("button");
    entry.type = "button";
    entry.title = "点一下隐去或显出这种联系";
    entry.setAttribute("aria-pressed", String(!off.has(tie)));
    const stroke = make("i", "line");
    stroke.style.borderTop = `3px ${line} ${colour}`;
    entry.append(stroke, name);
    entry.onclick = () => {
      if (!off.delete(tie)) off.add(tie);
      entry.setAttribute("aria-pressed", String(!off.has(tie)));
      changed();
    };
    box.append(entry);
  }
  box.append(make("span", "", "同色：联系较多的一群；点连线看依据"));
  return box;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".network");
  const choose = (label, move = true) => {
    const held = place.held;
    place.chosen = label;
    if (held?.cy) redress(held.cy, data, place, { move });
    setTriggerValue("chosen", label);
  };
  const picture = JSON.stringify([data.nodes, data.edges]);
  if (place.held?.picture === picture) {
    const move = data.chosen !== place.chosen;
    const changed = move || JSON.stringify(data.way) !== JSON.stringify(place.way);
    [place.chosen, place.way] = [data.chosen, data.way];
    if (changed) redress(place.held.cy, data, place, { move });
    place.querySelector(".list").replaceWith(list(data, choose));
    return;
  }
  const canvas = make("div", "canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `机构关系图，${data.nodes.length} 个机构；“列表”按钮打开可用键盘操作的列表`);
  const tools = make("div", "tools");
  const stage = make("div", "stage");
  place.hiddenTies ??= new Set(HIDDEN_AT_FIRST); // no name of ours may be one that Cytoscape calls on an element (off)
  if (data.edges.length && data.edges.every((edge) => edge.inferred)) place.hiddenTies.delete("inferred"); // asked for
  const before = Object.fromEntries((place.held?.cy?.nodes() ?? []).map((node) => [node.id(), { ...node.position() }]));
  const opened = place.opened; // an agency was opened: what there is stays where it is
  place.opened = undefined;
  const grown = Boolean(opened) && Object.keys(before).every((id) => data.nodes.some((node) => node.label === id));
  place.hiddenNames ??= new Set();
  place.pinnedNames ??= new Set();
  const again = () => { if (place.held) redress(place.held.cy, data, place); };
  stage.append(canvas, tools, legend(data, place.hiddenTies, again));
  end(place);
  place.replaceChildren(stage, list(data, choose));

  const button = (text, title, act) => {
    const element = make("button", "", text);
    element.type = "button";
    element.title = title;
    element.onclick = act;
    tools.append(element);
  };
  let gone = false;
  library().then((cytoscape) => {
    if (gone) return;
    const sight = takeSight();
    if (sight) [place.hiddenNames, place.pinnedNames] = [new Set(sight.hidden), new Set(sight.pinned)];
    [place.chosen, place.way] = [data.chosen, data.way];
    const zoom = 1 / crowdOfMany(data.nodes.filter((node) => !place.hiddenNames.has(node.label)).length);
    const cy = cytoscape({
      container: canvas, elements: elements(data, dressing(data, place)), style: style(place, zoom), zoom,
      layout: { name: "preset", fit: false }, minZoom: 0.1, maxZoom: 4,
    });
    cy.scratch("policykg", zoom);
    place.held = { cy, picture };
    const known = sight ? sight.at : before;
    cy.nodes(".pinned").forEach((node) => known[node.id()] && node.position({ ...known[node.id()] }));
    cy.nodes(".pinned").lock(); // before anything is laid out: they do not move
    if (sight || grown) placed(cy, known, opened);
    else {
      settle(cy);
      follows(cy, place);
    }
    let waiting = 0;
    cy.on("zoom", () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => letter(cy));
    });
    cy.on("dragfree", "node", () => letter(cy));
    cy.on("tap", "node", (event) => choose(event.target.id(), false));
    cy.on("tap", "edge", (event) => {
      place.chosen = event.target.data("source");
      setTriggerValue("tie", [event.target.data("source"), event.target.data("target")]);
    });
    place.dataset.ready = String(cy.nodes().length);
    button("＋", "放大", () => cy.zoom({ level: cy.zoom() * 1.3, renderedPosition: middle(cy) }));
    button("－", "缩小", () => cy.zoom({ level: cy.zoom() / 1.3, renderedPosition: middle(cy) }));
    button("全图", "显示全部，也显出隐去的机构", () => {
      place.hiddenNames.clear();
      again();
      frame(cy);
    });
    button("展开", "画出与所选机构有联系的全部机构", () => {
      place.opened = place.chosen;
      if (place.chosen) setTriggerValue("open", place.chosen);
    });
    button("隐去", "隐去所选的机构", () => {
      cy.nodes(".chosen").forEach((node) => { place.hiddenNames.add(node.id()); });
      again();
    });
    button("钉住", "钉住或松开所选的机构：钉住的不再移动", () => {
      cy.nodes(".chosen").forEach((node) => {
        const pinned = !node.hasClass("pinned");
        if (pinned) node.lock();
        else node.unlock();
        place.pinnedNames[pinned ? "add" : "delete"](node.id());
      });
      again();
    });
    button("视图", "保存这张图的样子，或打开存过的", () => showSights(stage, () => ({
      hidden: [...place.hiddenNames], pinned: [...place.pinnedNames],
      at: Object.fromEntries(cy.nodes().map((node) => [node.id(), { ...node.position() }])),
    })));
    button("列表", "显出或隐去机构列表", () => {
      place.classList.toggle("listed");
      cy.resize();
      settle(cy);
    });
    button("存为图片", "下载 PNG 图片", () => {
      const link = document.createElement("a");
      const bg = getComputedStyle(place).getPropertyValue("--st-background-color").trim() || "#ffffff";
      link.href = URL.createObjectURL(cy.png({ output: "blob", full: true, scale: 2, bg, maxWidth: 6000 }));
      link.download = "机构图谱.png";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    globalThis.policykgNetwork = cy; // for the tests of the app, and for whoever looks into the console
  });
  return () => {
    gone = true;
    end(place);
  };
}

const middle = (cy) => ({ x: cy.width() / 2, y: cy.height() / 2 });

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
  while (!globalThis.policykgCytoscape) {
    await new Promise((done) => setTimeout(done, 20));
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

const elements = (data) => {
  const largest = Math.max(...data.nodes.map((node) => node.size), 1e-9);
  // Where a picture starts decides how it ends: on a circle, communities side by side, always the same.
  const order = [...data.nodes].sort((a, b) => (a.group ?? 99) - (b.group ?? 99) || b.ties - a.ties);
  const turn = (2 * Math.PI) / Math.max(order.length, 1);
  return [
    ...order.map((node, number) => ({
      data: { id: node.label, ...node, diameter: 10 + 18 * Math.sqrt(node.size / largest), colour: colourOf(node.group) },
      position: { x: 300 * Math.cos(turn * number), y: 300 * Math.sin(turn * number) },
    })),
    ...data.edges.map((edge, number) => ({
      data: {
        id: `tie-${number}`, source: edge.source, target: edge.target, width: 1 + Math.min(Math.log2(edge.weight), 4),
        colour: tieOf(edge).colour, style: tieOf(edge).style,
        kind: edge.inferred ? "inferred" : edge.ties[0],
      },
    })),
  ];
};

// As many lines as LINE asks for, of like length: no name ends in a line of one character.
const lineOf = (name) => Math.ceil(name.length / Math.ceil(Math.max(name.length, 1) / LINE));

const style = (place) => {
  const read = (name, otherwise) => getComputedStyle(place).getPropertyValue(name).trim() || otherwise;
  const text = read("--st-text-color", "#1c2430");
  const back = read("--st-background-color", "#ffffff");
  return [
    { selector: "node", style: {
      label: "data(label)", width: "data(diameter)", height: "data(diameter)", "background-color": "data(colour)",
      color: text, "font-family": FONT, "font-size": 15, "text-valign": "bottom", "text-margin-y": 2,
      "text-wrap": "wrap", "text-overflow-wrap": "anywhere", "text-max-width": (node) => 15 * (lineOf(node.data("label")) + 0.2),
      "text-outline-color": back, "text-outline-width": 2 } },
    { selector: "edge", style: {
      width: "data(width)", "line-color": "data(colour)", "line-style": "data(style)", "curve-style": "haystack",
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

// Names keep their size on the screen; of names that would cover each other only the more important one shows.
const letter = (cy) => {
  if (cy.destroyed()) return; // the picture changed while it was moving
  const size = LETTER / cy.zoom();
  const rank = (node) => (node.hasClass("chosen") ? 2e6 : node.hasClass("near") ? 1e6 : 0) + node.data("diameter");
  const taken = [];
  cy.batch(() => {
    cy.nodes().style({ "font-size": size, "text-outline-width": 2 / cy.zoom() });
    for (const node of cy.nodes(":visible").toArray().sort((a, b) => rank(b) - rank(a))) {
      const at = node.renderedPosition();
      const line = lineOf(node.data("label"));
      node.style("text-max-width", size * (line + 0.2));
      const wide = line * LETTER + 4;
      const top = at.y + node.renderedHeight() / 2;
      const box = [at.x - wide / 2, top, at.x + wide / 2, top + Math.ceil(node.data("label").length / LINE) * LETTER * 1.25];
      const free = taken.every((o) => box[0] > o[2] || box[2] < o[0] || box[1] > o[3] || box[3] < o[1]);
      node.toggleClass("quiet", !free);
      if (free) taken.push(box);
    }
    const thin = Math.max(1, 0.8 / cy.zoom()); // seen from afar a tie is still a line
    cy.edges().forEach((edge) => edge.style("width", edge.data("width") * thin));
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
const crowdOf = (cy) => Math.max(Math.sqrt(cy.nodes(":visible").length / CALM), 1);
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

const showTies = (cy, off) => {
  cy.batch(() => {
    cy.edges().forEach((edge) => edge.toggleClass("off", off.has(edge.data("kind"))));
  });
  letter(cy);
};

const showWay = (cy, way) => {
  cy.batch(() => {
    cy.elements().removeClass("way");
    for (let n = 0; n < (way ?? []).length; n += 1) {
      const node = cy.getElementById(way[n]);
      node.addClass("way");
      if (n > 0) node.edgesWith(cy.getElementById(way[n - 1])).removeClass("off").addClass("way");
    }
  });
};

const mark = (cy, label, { move = false } = {}) => {
  cy.batch(() => {
    cy.elements().removeClass("far near chosen");
    const node = label ? cy.getElementById(label) : cy.collection();
    if (!node.nonempty()) return;
    const around = node.closedNeighborhood();
    cy.elements().difference(around).addClass("far");
    around.addClass("near");
    node.addClass("chosen");
    if (move) cy.animate({ fit: { eles: around, padding: 50 }, duration: 250, complete: () => letter(cy) });
  });
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
    if (held?.cy) mark(held.cy, label, { move });
    place.chosen = label;
    setTriggerValue("chosen", label);
  };
  const picture = JSON.stringify([data.nodes, data.edges]);
  if (place.held?.picture === picture) {
    showWay(place.held.cy, data.way);
    if (data.chosen !== place.chosen) mark(place.held.cy, data.chosen, { move: true });
    place.chosen = data.chosen;
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
  stage.append(canvas, tools, legend(data, place.hiddenTies, () => place.held?.cy && showTies(place.held.cy, place.hiddenTies)));
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
    const cy = cytoscape({
      container: canvas, elements: elements(data), style: style(place), minZoom: 0.1, maxZoom: 4,
      layout: grown ? { name: "preset" } : {
        name: "cose", randomize: false, animate: false, nodeDimensionsIncludeLabels: true, padding: 18,
        idealEdgeLength: () => 90, nodeRepulsion: () => 60000, componentSpacing: 50, gravity: 0.6, numIter: 1200,
      },
    });
    place.held = { cy, picture };
    place.chosen = data.chosen;
    const sight = takeSight();
    if (sight) [place.hiddenNames, place.pinnedNames] = [new Set(sight.hidden), new Set(sight.pinned)];
    cy.nodes().forEach((node) => {
      node.toggleClass("off", place.hiddenNames.has(node.id()));
      node.toggleClass("pinned", place.pinnedNames.has(node.id()));
    });
    showTies(cy, place.hiddenTies);
    const known = sight ? sight.at : before;
    cy.nodes(".pinned").forEach((node) => known[node.id()] && node.position({ ...known[node.id()] }));
    cy.nodes(".pinned").lock(); // before anything is laid out: they do not move
    if (sight || grown) placed(cy, known, opened);
    else settle(cy);
    showWay(cy, data.way);
    mark(cy, data.chosen);
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
      cy.nodes().removeClass("off");
      frame(cy);
    });
    button("展开", "画出与所选机构有联系的全部机构", () => {
      place.opened = place.chosen;
      if (place.chosen) setTriggerValue("open", place.chosen);
    });
    button("隐去", "隐去所选的机构", () => {
      cy.nodes(".chosen").forEach((node) => { place.hiddenNames.add(node.id()); });
      cy.nodes(".chosen").addClass("off");
      letter(cy);
    });
    button("钉住", "钉住或松开所选的机构：钉住的不再移动", () => {
      cy.nodes(".chosen").forEach((node) => {
        const pinned = !node.hasClass("pinned");
        node.toggleClass("pinned", pinned);
        if (pinned) node.lock();
        else node.unlock();
        place.pinnedNames[pinned ? "add" : "delete"](node.id());
      });
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

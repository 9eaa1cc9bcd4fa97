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
};
const FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif";
const LETTER = 11; // pixels on the screen, at any zoom
const LINE = 9; // characters of a label's line

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

const elements = (data) => {
  const largest = Math.max(...data.nodes.map((node) => node.size), 1e-9);
  // Where a picture starts decides how it ends: on a circle, communities side by side, always the same.
  const order = [...data.nodes].sort((a, b) => (a.group ?? 99) - (b.group ?? 99) || b.ties - a.ties);
  const turn = (2 * Math.PI) / Math.max(order.length, 1);
  return [
    ...order.map((node, number) => ({
      data: { id: node.label, ...node, diameter: 14 + 30 * Math.sqrt(node.size / largest), colour: colourOf(node.group) },
      position: { x: 300 * Math.cos(turn * number), y: 300 * Math.sin(turn * number) },
    })),
    ...data.edges.map((edge, number) => ({
      data: {
        id: `tie-${number}`, source: edge.source, target: edge.target, width: 1 + Math.min(Math.log2(edge.weight), 4),
        colour: TIES[edge.ties[0]]?.colour ?? ALONE, style: TIES[edge.ties[0]]?.style ?? "solid",
      },
    })),
  ];
};

const style = (place) => {
  const read = (name, otherwise) => getComputedStyle(place).getPropertyValue(name).trim() || otherwise;
  const text = read("--st-text-color", "#1c2430");
  const back = read("--st-background-color", "#ffffff");
  return [
    { selector: "node", style: {
      label: "data(label)", width: "data(diameter)", height: "data(diameter)", "background-color": "data(colour)",
      color: text, "font-family": FONT, "font-size": 15, "text-valign": "bottom", "text-margin-y": 2,
      "text-wrap": "wrap", "text-overflow-wrap": "anywhere", "text-max-width": 15 * LINE,
      "text-outline-color": back, "text-outline-width": 2 } },
    { selector: "edge", style: {
      width: "data(width)", "line-color": "data(colour)", "line-style": "data(style)", "curve-style": "haystack",
      "haystack-radius": 0, opacity: 0.55 } },
    { selector: ".far", style: { opacity: 0.18 } },
    { selector: "edge.far", style: { opacity: 0.07 } },
    { selector: "node.near", style: { "z-index": 5 } },
    { selector: "node.quiet", style: { "text-opacity": 0 } },
    { selector: "edge.near", style: { opacity: 0.9, "z-index": 4 } },
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
    cy.nodes().style({ "font-size": size, "text-max-width": size * LINE, "text-outline-width": 2 / cy.zoom() });
    for (const node of cy.nodes().toArray().sort((a, b) => rank(b) - rank(a))) {
      const at = node.renderedPosition();
      const wide = Math.min(node.data("label").length, LINE) * LETTER + 4;
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

const legend = (data) => {
  const box = make("p", "legend");
  const kinds = new Set(data.edges.flatMap((edge) => edge.ties.slice(0, 1)));
  for (const [tie, { name, colour, style: line }] of Object.entries(TIES)) {
    if (!kinds.has(tie)) continue;
    const entry = make("span");
    const stroke = make("i", "line");
    stroke.style.borderTop = `3px ${line} ${colour}`;
    entry.append(stroke, name);
    box.append(entry);
  }
  box.append(make("span", "", "同色：联系较多的一群"));
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
    if (data.chosen !== place.chosen) mark(place.held.cy, data.chosen, { move: true });
    place.chosen = data.chosen;
    place.querySelector(".list").replaceWith(list(data, choose));
    return;
  }
  const canvas = make("div", "canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `机构关系图，${data.nodes.length} 个机构；右侧列表可用键盘操作`);
  const tools = make("div", "tools");
  const stage = make("div", "stage");
  stage.append(canvas, tools, legend(data));
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
      layout: {
        name: "cose", randomize: false, animate: false, nodeDimensionsIncludeLabels: true, padding: 18,
        idealEdgeLength: () => 90, nodeRepulsion: () => 60000, componentSpacing: 50, gravity: 0.6, numIter: 1200,
      },
    });
    place.held = { cy, picture };
    place.chosen = data.chosen;
    mark(cy, data.chosen, { move: true });
    let waiting = 0;
    cy.on("zoom", () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => letter(cy));
    });
    cy.on("dragfree", "node", () => letter(cy));
    cy.on("tap", "node", (event) => choose(event.target.id(), false));
    place.dataset.ready = String(cy.nodes().length);
    button("＋", "放大", () => cy.zoom({ level: cy.zoom() * 1.3, renderedPosition: middle(cy) }));
    button("－", "缩小", () => cy.zoom({ level: cy.zoom() / 1.3, renderedPosition: middle(cy) }));
    button("全图", "显示全部", () => cy.fit(undefined, 18));
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
